"""A directory (LDAP) that people log in by: how it is asked, and what it says of them."""
