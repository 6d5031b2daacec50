"""Pure rules of intake: reading what was typed, receipts, what a reporter is told. No Django, no clock."""
