"""Settings that were changed while Cairn runs, as each process comes to know of them."""
