"""The statuses that a project's issues go through."""
