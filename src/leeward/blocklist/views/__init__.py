"""The desk's pages about lists."""
