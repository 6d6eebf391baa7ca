"""The addresses of what others stand on: a page of an issue or a project shows what is above it, too.

A feature that nothing stands on has its addresses in its own folder.
"""
