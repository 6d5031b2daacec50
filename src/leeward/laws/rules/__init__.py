"""Pure decisions of the law: no Django, no files, no clock."""
