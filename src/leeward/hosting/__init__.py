"""Where a thing is and what is there now."""
