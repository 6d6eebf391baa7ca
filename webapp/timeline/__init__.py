"""What happened to an issue, as JSON has it; its page tells it in the thread."""
