"""What waits for approval in a project and what was reported: those who look after it decide, some at once."""
