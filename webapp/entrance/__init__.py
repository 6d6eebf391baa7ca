"""The way in: who asks, and the project that the address names, looked up in one trip."""
