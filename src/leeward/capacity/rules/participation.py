"""That somebody took part in a course, as it is typed or imported, and what is wrong with it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from leeward.capacity.rules.vocabulary import ROLES
from leeward.foundation.lazy_text import LazyText as _
from leeward.people.rules.names import tidy_name

MOST_NAME = 120
EARLIEST = date(1990, 1, 1)
COLUMNS = ("name", "organisation", "role", "country", "ended_on", "before", "after")


@dataclass(frozen=True, slots=True)
class Participation:
    """Somebody took part until a day; `before` and `after` are the results of tests in percent, if there were any."""

    name: str
    organisation: str
    role: str
    country: str
    ended_on: date
    before: int | None = None
    after: int | None = None

    @property
    def person(self) -> str:
        """Return a digest by which the same person is known again: the name and the organisation, without case."""
        return sha256(f"{self.name.casefold()}\n{self.organisation.casefold()}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds where a row says nothing of it, the countries that there are, and the day of today."""

    role: str
    country: str
    countries: Collection[str]
    today: date


def read_participation(row: Mapping[str, str], usual: Usual) -> tuple[Participation | None, list[_]]:
    """Return what a row of text cells says, or None and every fault."""
    faults: list[_] = []
    name, organisation = (tidy_name(row.get(column, "")) for column in ("name", "organisation"))
    if not name:
        faults.append(_("the name is empty"))
    if max(len(name), len(organisation)) > MOST_NAME:
        faults.append(_("a name is longer than %(most)s characters", most=MOST_NAME))
    if any(sign in text for text in (name, organisation) for sign in "<>"):
        faults.append(_("it contains markup; write plain words"))
    role = row.get("role", "").strip().lower() or usual.role
    if role not in ROLES:
        faults.append(_("“%(word)s” is not a word of this list", word=role[:40]))
    country = row.get("country", "").strip().upper() or usual.country
    if country not in usual.countries:
        faults.append(_("“%(word)s” is not a country", word=country[:40]))
    ended_on = day_of(row.get("ended_on", ""))
    if ended_on is None:
        faults.append(_("the day is not written like 2026-11-28"))
    elif not EARLIEST <= ended_on <= usual.today:
        faults.append(_("the day is before %(first)s or in the future", first=EARLIEST.year))
    before, after = (_percent(row.get(column, "")) for column in ("before", "after"))
    if -1 in (before, after):
        faults.append(_("a result is a whole number from 0 to 100"))
    if faults or ended_on is None:
        return None, faults
    return Participation(name, organisation, role, country, ended_on, before, after), []


def day_of(text: str) -> date | None:
    """Return a day that is written as 2026-11-28, or None."""
    cell = text.strip()
    if len(cell) != 10 or not cell.isascii() or not cell.replace("-", "").isdecimal():
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def _percent(text: str) -> int | None:
    """Return a result, None for no result, -1 for what can't be one."""
    cell = text.strip()
    if not cell:
        return None
    return int(cell) if cell.isascii() and cell.isdecimal() and len(cell) < 4 and int(cell) <= 100 else -1
