"""Uploads that a platform has checked."""
