"""What happens to files that are sent: lists from the desk, and the upload check."""
