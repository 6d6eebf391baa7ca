"""Who is in a project, as what, and how one gets in."""
