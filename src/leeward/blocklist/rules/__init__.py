"""Pure rules of blocking lists: expressions, encodings, formats and gates."""
