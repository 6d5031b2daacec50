"""Names below which only the government registers, so that nothing of theirs is ever listed by mistake. Pure."""

from collections.abc import Iterable

EVERYWHERE = frozenset({"gov", "mil", "int"})
_LABELS = ("gov", "govt", "gouv", "gob", "mil", "police")
_GO = frozenset({"cr", "id", "jp", "ke", "kr", "th", "tz", "ug"})
_OTHER = {"gb": "uk"}


def government_suffixes(countries: Iterable[str]) -> frozenset[str]:
    """Return the names under which the governments of these countries (two letters each) usually stand."""
    found = set(EVERYWHERE)
    for country in countries:
        code = _OTHER.get(country.lower(), country.lower())
        found.update(f"{label}.{code}" for label in (*_LABELS, *(("go",) if code in _GO else ())))
    return frozenset(found)
