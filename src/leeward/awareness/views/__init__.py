"""The desk's pages about learning material, and the public ones."""
