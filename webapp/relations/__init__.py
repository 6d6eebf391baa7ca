"""What issues have to do with each other: blockers, duplicates, parents and their parts."""
