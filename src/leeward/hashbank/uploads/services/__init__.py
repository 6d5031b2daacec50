"""Process uploaded files: lists from the desk, and the upload check."""
