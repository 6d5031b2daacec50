"""The lists as DNS zones: answers, a small primary server, and zone checks."""
