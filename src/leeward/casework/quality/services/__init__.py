"""Services of quality: one function per act, one transaction, one audit row."""
