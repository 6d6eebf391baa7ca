"""Issues and people that texts name: links in the text, and "mentioned in" on what is named."""
