"""Until when things must be done, by which rule, and who is told before time runs out."""
