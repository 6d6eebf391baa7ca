"""Webhooks: whoever else wants to know is told of what happens, by a request that is signed."""
