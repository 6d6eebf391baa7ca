"""Who sees a project, an issue or a private comment, and why; and who would after a change."""
