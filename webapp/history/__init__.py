"""Former texts of issues and comments, and what was changed from one to the next."""
