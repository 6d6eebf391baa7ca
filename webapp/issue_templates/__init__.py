"""Templates that a new issue can be begun from."""
