"""Collections of hashes that others keep: pulled from and fed back to."""
