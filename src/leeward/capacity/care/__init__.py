"""Care for those who work here: dates with a counsellor, and notes that only the counsellor can read."""
