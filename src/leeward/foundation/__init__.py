"""Tiny pure pieces that everything stands on: no Django, no files, no network (except http/), no clock."""
