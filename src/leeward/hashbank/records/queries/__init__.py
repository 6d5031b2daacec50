"""Read records: look-ups and details."""
