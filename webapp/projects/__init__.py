"""Projects and who is in them."""
