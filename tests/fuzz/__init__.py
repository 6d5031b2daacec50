"""Damaged input for every parser and decoder: a few hundred pieces in CI, ten minutes of it by hand (`make fuzz`)."""
