"""How Cairn behaves with a million issues: a generator, what is asked of it, and how long each answer takes."""
