"""By which way people want to hear of what."""
