"""Each part of which pages are made, in all its ways on one page, for those who develop."""
