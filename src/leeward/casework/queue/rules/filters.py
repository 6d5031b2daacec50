"""Filters of a list of cases, as an address of the desk and a saved view hold them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

AGES: Mapping[str, tuple[int | None, int | None]] = {  # days: at least, less than
    "day": (None, 1),
    "week": (None, 7),
    "month": (None, 30),
    "older_week": (7, None),
    "older_month": (30, None),
    "older_year": (365, None),
}
SOURCES = ("form", "telephone", "letter", "email", "police", "csv", "appeal", "provider", "peer", "sms", "partner", "tip")  # fmt: skip
HOLDERS = ("nobody", "me", "somebody")
FLAGS = ("urgent", "known", "held", "appealed", "returned", "news")
YES_NO = ("yes", "no")
MOST_TEXT, MOST_HOST = 2000, 253


@dataclass(frozen=True, slots=True)
class Filters:
    """A view and its filters. Empty means everything; what can't be parsed is left out."""

    view: str = ""
    q: str = ""
    state: str = ""
    place: str = ""
    country: str = ""
    host: str = ""
    age: str = ""
    source: str = ""
    holder: str = ""
    known: str = ""
    flags: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Return the names of the filters that are set: all that the log may record."""
        return tuple(part.name for part in fields(self) if part.name != "view" and getattr(self, part.name))

    @property
    def is_narrow(self) -> bool:
        """Return whether any filter is set."""
        return bool(self.named)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return the set filters that are behind “More filters”."""
        return tuple(name for name in self.named if name in ("country", "host", "age", "source", "holder", "flags"))

    def to_dict(self) -> dict[str, str | list[str]]:
        """Return the set filters for storing in the database."""
        chosen = {part.name: getattr(self, part.name) for part in fields(self) if getattr(self, part.name)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in chosen.items()}

    def to_query(self) -> str:
        """Return the set filters as a query string."""
        return urlencode(self.to_dict(), doseq=True)


def filters_from(
    given: Mapping[str, object], *, views: tuple[str, ...], states: tuple[str, ...], places: tuple[str, ...]
) -> Filters:
    """Parse filters from an address or a saved view; unknown values are left out."""

    def one(name: str, allowed: tuple[str, ...]) -> str:
        value = str(given.get(name) or "")
        return value if value in allowed else ""

    flags = given.get("flags")
    wanted = {str(flag) for flag in flags} if isinstance(flags, list | tuple) else {str(flags)}
    country = str(given.get("country") or "").strip().upper()
    return Filters(
        view=one("view", views),
        q=str(given.get("q") or "").strip()[:MOST_TEXT],
        state=one("state", states),
        place=one("place", places),
        country=country if len(country) == 2 and country.isascii() and country.isalpha() else "",
        host=str(given.get("host") or "").strip().lower().rstrip(".")[:MOST_HOST],
        age=one("age", tuple(AGES)),
        source=one("source", SOURCES),
        holder=one("holder", HOLDERS),
        known=one("known", YES_NO),
        flags=tuple(flag for flag in FLAGS if flag in wanted),
    )
