"""People: who they are, apart from how they prove it."""
