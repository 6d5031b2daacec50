"""The desk's pages about training."""
