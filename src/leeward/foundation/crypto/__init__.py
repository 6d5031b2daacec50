"""Self-authenticating links, and encryption to a certificate."""
