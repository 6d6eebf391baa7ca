"""Saved views over all projects, everybody's own."""
