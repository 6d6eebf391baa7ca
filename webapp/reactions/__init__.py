"""What people feel about issues and comments, in one press instead of a comment."""
