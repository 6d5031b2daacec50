"""The desk's pages of tips."""
