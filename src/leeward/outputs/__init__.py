"""Outputs for others: a case in the format that its reader takes, each validated before it leaves."""
