"""Services of this room: one function per act, one transaction, one audit row."""
