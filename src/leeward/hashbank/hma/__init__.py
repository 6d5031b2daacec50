"""Hasher-Matcher-Actioner as a client knows it: banks of programs, look-ups, files hashed for them."""
