"""The routes, one job a file."""
