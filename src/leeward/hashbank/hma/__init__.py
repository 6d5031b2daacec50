"""An API compatible with Hasher-Matcher-Actioner (HMA): banks kept by programs, look-ups, and hashing of files."""
