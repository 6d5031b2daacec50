"""Pure decisions about learning material."""
