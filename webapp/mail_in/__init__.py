"""Mail that people send here: an answer becomes a comment, what goes to a project's address an issue."""
