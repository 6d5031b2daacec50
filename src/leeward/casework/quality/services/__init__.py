"""Every write of quality: one verb an act, one transaction, one audit row."""
