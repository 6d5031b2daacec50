"""The desk's pages about other hotlines, and the addresses that they use."""
