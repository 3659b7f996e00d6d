"""The language of the domain: small, pure, on the standard library alone."""
