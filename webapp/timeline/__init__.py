"""What happened to an issue: events, and the thread that a page shows."""
