"""OAuth: what the scopes of a token open."""
