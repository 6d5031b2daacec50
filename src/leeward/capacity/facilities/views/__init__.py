"""The desk's pages about facilities and contacts."""
