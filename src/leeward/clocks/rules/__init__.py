"""Pure rules about time."""
