"""Requests for review from inside and outside, and reviewers from other hotlines."""
