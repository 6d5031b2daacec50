"""A country's own assessment of its national response."""
