"""Measures of blocking lists: looking up, opening, writing, updating, beside a Python set and SQLite in the same run."""
