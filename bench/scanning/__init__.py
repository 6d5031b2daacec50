"""Bulk scans measured."""
