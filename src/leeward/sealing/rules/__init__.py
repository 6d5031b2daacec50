"""The form of a sealed text, without files or database."""
