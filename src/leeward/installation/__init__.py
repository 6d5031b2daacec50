"""Settings of the whole installation: the machine's environment takes precedence over what administrators chose on the
desk, and that over the defaults."""
