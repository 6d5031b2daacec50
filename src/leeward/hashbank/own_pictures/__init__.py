"""Fingerprints that people send of pictures of themselves: a list of its own, which decides nothing."""
