"""What newcomers write first is held until it is approved: it is private, with a mark that says why."""
