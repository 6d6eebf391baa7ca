"""Milestones: what is to be reached together, and by when."""
