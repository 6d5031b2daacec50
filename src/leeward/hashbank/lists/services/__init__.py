"""Writing lists: bringing them in, giving them out."""
