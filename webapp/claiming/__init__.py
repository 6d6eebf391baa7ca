"""What whoever is invited to be somebody imported is shown, and does: the rules are those of `people`."""
