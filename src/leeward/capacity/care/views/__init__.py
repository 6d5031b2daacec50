"""The desk's pages about care."""
