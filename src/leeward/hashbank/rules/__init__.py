"""Pure decisions of the hash bank."""
