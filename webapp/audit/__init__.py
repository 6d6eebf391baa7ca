"""Who has done what to logins, rights and what is kept: noted with the act itself, and never changed."""
