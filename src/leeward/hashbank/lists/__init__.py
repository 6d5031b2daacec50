"""Hash lists: bringing them in, publishing them, and the API for subscribers."""
