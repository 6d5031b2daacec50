"""Lists of hashes that others load: our API, and the one of Hasher-Matcher-Actioner."""
