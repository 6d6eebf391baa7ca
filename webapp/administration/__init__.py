"""What there is to look after for administrators, and how much of it needs them."""
