"""A register whose drafts are of every kind: the shipped one, with two of its files as somebody could have left them."""

from functools import cache

from leeward.laws.register import Register, packaged_register


@cache
def drafting_register() -> Register:
    """Dominica without what others say of its law gets an Act; Grenada, its Act read by somebody, an amendment."""
    laws = packaged_register()
    dominica, grenada = laws.written["DM"], laws.written["GD"]
    read = [row | {"source_kind": "statute_text"} for row in grenada["readings"]]
    bare = laws.with_file({**dominica, "works": [], "readings": []})
    return bare.with_file({**grenada, "readings": read})
