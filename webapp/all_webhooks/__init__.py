"""Webhooks that are told of all projects; administrators look after them."""
