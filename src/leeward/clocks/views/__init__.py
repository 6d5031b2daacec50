"""The supervisor's pages about time."""
