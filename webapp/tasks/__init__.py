"""Task lists in texts: what there is to do, and ticking it from the page."""
