"""Files that people attach to issues and comments, and what is never done with them: running."""
