"""What a tip is, how each form of it is read, and what becomes of it. Pure."""
