"""What waits for people to look at it, one row an issue."""
