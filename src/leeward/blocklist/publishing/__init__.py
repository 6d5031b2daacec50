"""Publishing lists: immutable states, who gets which copy, the stop page."""
