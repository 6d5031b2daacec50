"""The supervisor's pages of time."""
