"""Pure rules for monitoring."""
