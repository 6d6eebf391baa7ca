"""What programs that watch an installation ask it for."""
