"""Pages about certificates: the desk's and the public ones."""
