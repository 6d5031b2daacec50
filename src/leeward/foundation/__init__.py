"""Small pure building blocks for all slices: no Django, no files, no network (except http/), no clock."""
