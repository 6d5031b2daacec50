"""Pure rules: what in a text says where money goes."""
