"""Every write about sources."""
