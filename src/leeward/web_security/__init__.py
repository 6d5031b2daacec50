"""What stands at every door: one-time form keys, rate limits, paging."""
