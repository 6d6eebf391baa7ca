"""Code hosts: commits and merge requests that name issues stand in their timelines, and close them."""
