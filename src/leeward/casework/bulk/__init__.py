"""Assessing or acting on many cases at once."""
