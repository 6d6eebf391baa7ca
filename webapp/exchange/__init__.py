"""Import from other trackers."""
