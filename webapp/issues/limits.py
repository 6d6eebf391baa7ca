"""How much an issue may have."""

MOST_LABELS, MOST_ASSIGNEES = 50, 20
