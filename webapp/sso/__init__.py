"""Who comes in by a login elsewhere: a provider of OpenID Connect, or a directory."""
