"""Protections shared by public and staff pages: one-time form keys, rate limits, paging."""
