"""Reading records: is this known, what is known of it."""
