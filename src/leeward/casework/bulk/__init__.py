"""Many cases assessed or acted on at once."""
