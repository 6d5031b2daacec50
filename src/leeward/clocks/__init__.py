"""Deadlines: when things must be done, by which rule, and who is warned before time runs out."""
