"""Pure rules: one format a file, with what it is built of and what is refused."""
