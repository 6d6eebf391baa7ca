"""Issues, the hub that comments, labels and the timeline are tied to."""
