"""Pure rules about cases: no Django, no files, no network, no clock."""
