"""What happened to issues, as it is written down."""
