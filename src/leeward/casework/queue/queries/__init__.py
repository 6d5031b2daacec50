"""Queries of this room."""
