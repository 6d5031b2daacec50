"""Pure parts of blocking lists: expressions, codings, formats and gates."""
