"""Domains in which only governments register, so that none of theirs is listed by mistake. Pure."""

from collections.abc import Iterable

EVERYWHERE = frozenset({"gov", "mil", "int"})
_LABELS = ("gov", "govt", "gouv", "gob", "mil", "police")
_GO = frozenset({"cr", "id", "jp", "ke", "kr", "th", "tz", "ug"})
_OTHER = {"gb": "uk"}


def government_suffixes(countries: Iterable[str]) -> frozenset[str]:
    """Return the domains that the governments of these countries (two-letter codes) usually use."""
    found = set(EVERYWHERE)
    for country in countries:
        code = _OTHER.get(country.lower(), country.lower())
        found.update(f"{label}.{code}" for label in (*_LABELS, *(("go",) if code in _GO else ())))
    return frozenset(found)
