"""Whom the owners of a project have blocked from it: they read what all may read, and take part in nothing."""
