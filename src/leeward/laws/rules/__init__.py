"""Pure rules of the law: no Django, no files, no clock."""
