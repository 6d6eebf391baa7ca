"""What people choose to hear of: of a project, of an issue, of a view."""
