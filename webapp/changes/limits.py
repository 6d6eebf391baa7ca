"""How many issues are changed at once."""

MOST = 10_000
