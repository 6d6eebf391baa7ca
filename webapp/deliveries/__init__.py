"""Who was told what of an issue, when, by which way, and why somebody was not."""
