"""Running Cairn: health for whoever watches, the first start."""
