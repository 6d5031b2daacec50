"""Contacts that are publicly known and shipped with Leeward, and which of them a hotline's directory has."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from leeward.notices.models import Contact
from leeward.notices.rules.known import KnownContact, found, hotlines, platforms

AS_OF = "2026-11-27"


@dataclass(frozen=True, slots=True)
class Listed:
    """A known contact; `contact_id` where the directory has its address, `is_confirmed` where a person confirmed that."""

    known: KnownContact
    contact_id: int | None
    is_confirmed: bool


@cache
def all_known() -> tuple[KnownContact, ...]:
    """Every row of the tables that are shipped."""
    data = files("leeward.notices") / "data"
    return (
        *hotlines((data / "hotlines.csv").read_text("utf-8"), AS_OF),
        *platforms((data / "platforms.csv").read_text("utf-8"), AS_OF),
    )


def known_contacts(*, search: str = "", country: str = "", kind: str = "") -> list[Listed]:
    """What a search finds, with what the directory has of it."""
    rows = found(all_known(), search=search, country=country, kind=kind)
    entries = {
        (entry.kind, entry.country, entry.email): entry
        for entry in Contact.objects.filter(email__in={row.email for row in rows if row.email})
    }
    return [_listed(row, entries.get((row.kind, row.country, row.email))) for row in rows]


def _listed(row: KnownContact, entry: Contact | None) -> Listed:
    return Listed(row, entry.pk if entry else None, entry is not None and not entry.unconfirmed)


def shipped_contacts(*, search: str = "", country: str = "") -> list[KnownContact]:
    """What a search finds of what is shipped, whatever a directory has."""
    return found(all_known(), search=search, country=country)


def with_keys(keys: list[str]) -> list[KnownContact]:
    """The rows of these names that can be taken in: those with an address."""
    wanted = set(keys)
    return [row for row in all_known() if row.key in wanted and row.email]
