"""Text that people write: from Markdown to safe HTML and to plain words."""
