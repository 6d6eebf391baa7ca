"""Saved views: a query under a name, private or shared, as a list or as a board."""
