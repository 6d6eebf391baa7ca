"""What waited for somebody's hour: told in one mail, by project, with what is due."""
