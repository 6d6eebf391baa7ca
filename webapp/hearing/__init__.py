"""What is recorded is heard: who is told of a change, for what reason, and by which way."""
