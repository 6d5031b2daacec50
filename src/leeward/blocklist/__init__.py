"""Blocking lists that operators load: what stands on a list, in every format they read, and the client that asks nobody."""
