"""Many issues changed at once: in one transaction, with an event in each, and one Undo for all."""
