"""Who has an account, and what administrators may do about it."""
