"""What people want of issues, in the words that they use: of one, of many, into the trash, elsewhere, back."""
