"""Durable background jobs: rows with a due time, a lease and a number of attempts."""
