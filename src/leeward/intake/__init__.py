"""Reports in: the public form, receipts, what reporters add later, reports that staff enter."""
