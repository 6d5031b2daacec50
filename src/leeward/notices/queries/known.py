"""Publicly known contacts that are shipped with Leeward, and which of them are in a hotline's directory."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from leeward.notices.models import Contact
from leeward.notices.rules.known import KnownContact, found, hotlines, platforms

AS_OF = "2026-11-27"


@dataclass(frozen=True, slots=True)
class Listed:
    """A known contact; `contact_id` if the directory has its address, `is_confirmed` if a person confirmed it."""

    known: KnownContact
    contact_id: int | None
    is_confirmed: bool


@cache
def all_known() -> tuple[KnownContact, ...]:
    """Return every row of the shipped tables."""
    data = files("leeward.notices") / "data"
    return (
        *hotlines((data / "hotlines.csv").read_text("utf-8"), AS_OF),
        *platforms((data / "platforms.csv").read_text("utf-8"), AS_OF),
    )


def known_contacts(*, search: str = "", country: str = "", kind: str = "") -> list[Listed]:
    """Return the search results, each with its entry in the directory."""
    rows = found(all_known(), search=search, country=country, kind=kind)
    entries = {
        (entry.kind, entry.country, entry.email): entry
        for entry in Contact.objects.filter(email__in={row.email for row in rows if row.email})
    }
    return [_listed(row, entries.get((row.kind, row.country, row.email))) for row in rows]


def _listed(row: KnownContact, entry: Contact | None) -> Listed:
    return Listed(row, entry.pk if entry else None, entry is not None and not entry.unconfirmed)


def shipped_contacts(*, search: str = "", country: str = "") -> list[KnownContact]:
    """Return the search results from the shipped tables, regardless of the directory."""
    return found(all_known(), search=search, country=country)


def with_keys(keys: list[str]) -> list[KnownContact]:
    """Return the rows with these names that can be imported: those with an address."""
    wanted = set(keys)
    return [row for row in all_known() if row.key in wanted and row.email]
