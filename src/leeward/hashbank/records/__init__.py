"""Records: their rows, look-ups, the mapped index, licensed hashes."""
