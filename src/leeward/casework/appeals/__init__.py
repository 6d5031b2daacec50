"""Requests for review, both sides of them, and reviewers from outside."""
