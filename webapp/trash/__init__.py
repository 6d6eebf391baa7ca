"""Deleted issues and comments, which can be restored for thirty days."""
