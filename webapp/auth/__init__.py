"""Signing in: passwords, tokens, throttling."""
