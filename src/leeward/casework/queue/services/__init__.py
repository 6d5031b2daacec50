"""Every write of this room: one verb an act, one transaction, one audit row."""
