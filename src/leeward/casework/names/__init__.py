"""The registered name of a case."""
