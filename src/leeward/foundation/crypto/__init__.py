"""Links that prove themselves, and encrypting to a certificate."""
