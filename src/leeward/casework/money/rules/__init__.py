"""Pure rules of this room: no Django, files, network or clock."""
