"""Writing records: adding them, what sources say, what a person settles."""
