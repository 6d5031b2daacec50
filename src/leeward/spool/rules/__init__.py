"""Pure rules of the spool."""
