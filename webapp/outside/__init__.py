"""Machines elsewhere: how long they are waited for; and those that people name, without being led inwards by them."""
