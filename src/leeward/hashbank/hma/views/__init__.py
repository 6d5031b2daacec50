"""The views of the routes, grouped by subject."""
