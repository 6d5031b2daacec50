"""Writes about sources."""
