"""Changes of issues: one to ten thousand in a transaction, with events in each and one Undo for all."""
