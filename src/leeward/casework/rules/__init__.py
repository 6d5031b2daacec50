"""Pure decisions about cases: no Django, no files, no network, no clock."""
