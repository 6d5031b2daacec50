"""Incoming reports: the public form, receipts, what reporters add later, and reports that staff enter."""
