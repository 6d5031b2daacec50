"""Fetching in memory: request budgets of hosts, pages, pictures and videos by their content."""
