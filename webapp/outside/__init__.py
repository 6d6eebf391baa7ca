"""Asking machines elsewhere that people name, without being led to those that only this one can reach."""
