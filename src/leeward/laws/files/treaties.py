"""The treaties beside a country's law: what each requires, what a state may reserve, and whether this one joined."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from leeward.laws.files.packaged import packaged


@cache
def _known() -> tuple[Mapping[str, Any], ...]:
    return tuple(packaged("treaties.yaml")["treaties"])


@dataclass(frozen=True, slots=True)
class TreatyRow:
    """A treaty and a country; `is_joined` None means not recorded, never that the country did not join."""

    name: str
    articles: str
    asks: str
    may_reserve: tuple[str, ...]
    adopted: str | None
    in_force: str | None
    is_joined: bool | None
    joined: str | None
    reservations: str | None
    source: str


def treaties_of(file: Mapping[str, Any]) -> tuple[TreatyRow, ...]:
    """Return every treaty that the register knows with the country's status, then any others in its file."""
    joined = {row["name"]: row for row in (file.get("beside") or {}).get("treaties", ())}
    rows = [_row(treaty, joined.pop(treaty["id"], None)) for treaty in _known()]
    return (*rows, *(_row({"name": name, "articles": "", "asks": ""}, row) for name, row in joined.items()))


def _row(treaty: Mapping[str, Any], found: Mapping[str, Any] | None) -> TreatyRow:
    return TreatyRow(
        name=treaty["name"],
        articles=treaty["articles"],
        asks=treaty["asks"],
        may_reserve=tuple(row["says"] for row in treaty.get("reservations", ())),
        adopted=treaty.get("adopted"),
        in_force=treaty.get("in_force"),
        is_joined=True if found else None,
        joined=found["joined"] if found else None,
        reservations=found["reservations"] if found else None,
        source=(found["source"] or "") if found else treaty.get("source", ""),
    )
