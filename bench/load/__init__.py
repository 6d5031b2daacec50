"""A whole installation under load, by people who each come from an address of their own: `make load`."""
