"""Where reported material is hosted, and what is there now."""
