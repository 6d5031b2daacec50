"""Write records: add them, cast votes, settle disagreements."""
