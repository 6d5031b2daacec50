"""Merging cases that turn out to be one, and splitting out reports that joined the wrong case; both can be undone."""
