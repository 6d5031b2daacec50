"""Known images: rows, look-ups, the index in memory, licensed codes."""
