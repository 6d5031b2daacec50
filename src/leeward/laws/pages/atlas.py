"""The Commonwealth as a map of equal tiles: each state's value by criterion, edition or grooming."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leeward.laws.files.packaged import packaged
from leeward.laws.pages.editions import GROOMING_REVIEW, TODAY, TOOLKIT, grooming_in, state_today
from leeward.laws.pages.standing import default_edition, editions, members
from leeward.laws.register import Register
from leeward.laws.rules.gaps import standing

WEST = range(11)  # the columns of the first drawing; the others are in the second
_CELL = 10

VIEWS: dict[str, Promise] = {
    "all": _("All five"),
    "c1": _("1 Specific law"),
    "c2": _("2 Definition"),
    "c3": _("3 Computers"),
    "c4": _("4 Possession"),
    "c5": _("5 Duty to report"),
    "grooming": _("Grooming"),
}
REGIONS: dict[str, Promise] = {
    "Africa": _("Africa"),
    "Americas": _("Americas"),
    "Caribbean": _("Caribbean"),
    "Europe": _("Europe"),
    "South Asia": _("South Asia"),
    "South-East Asia": _("South-East Asia"),
    "Pacific": _("Pacific"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A possible value of a tile: its name in a link, its class, its sign, and its wording."""

    key: str
    css: str
    sign: str
    label: Promise


_OF_FIVE = (
    Value("4-5", "t2", "4–5", _("four or five of five")),
    Value("1-3", "t1", "1–3", _("one to three of five")),
    Value("0", "t0", "0", _("none of five")),
    Value("unknown", "tu", "?", _("unknown")),
)
_CRITERION = (
    Value("yes", "t2", "✓", pgettext_lazy("criterion", "met")),
    Value("partial", "t1", "◐", pgettext_lazy("criterion", "met in part")),
    Value("no", "t0", "○", pgettext_lazy("criterion", "not met")),
    Value("unknown", "tu", "?", _("unknown")),
)
_GROOMING = (
    Value("listed", "t2", "✓", _("listed as taking action")),
    Value("unknown", "tu", "?", _("unknown")),
)
# What the register knows today; `not found` is used only where somebody read the law.
_OF_FIVE_TODAY = (
    Value("4-5", "t2", "4–5", _("four or five found met")),
    Value("1-3", "t1", "1–3", _("one to three found met")),
    Value("partly", "t1", "◐", _("none found met, at least one met in part")),
    Value("0", "t0", "0", _("all five read, none found met")),
    Value("unknown", "tu", "?", _("unknown")),
)
_TODAY = (
    Value("met", "t2", "✓", pgettext_lazy("criterion", "met")),
    Value("partly", "t1", "◐", pgettext_lazy("criterion", "met in part")),
    Value("not_found", "t0", "○", _("read, and not found")),
    Value("unknown", "tu", "?", _("unknown")),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One state: the position of its tile in its drawing, and its value."""

    code: str
    name: str
    region: Promise
    is_west: bool
    x: int
    y: int
    value: Value
    grooming: Value
    of_five: Value

    @property
    def page(self) -> str:
        """The URL of the country's page."""
        return f"law/{self.code.lower()}"

    @property
    def of_five_text(self) -> Promise | str:
        """The count of five for the table; in words where its sign is no number."""
        return self.of_five.label if self.of_five.key == "partly" else self.of_five.sign

    @property
    def rect(self) -> tuple[str, str]:
        """The corner of the tile; as text, so that no locale formats it with a comma."""
        return f"{self.x + 0.3:.1f}", f"{self.y + 0.3:.1f}"

    @property
    def middle(self) -> int:
        """The horizontal centre of its text."""
        return self.x + _CELL // 2

    @property
    def lines(self) -> tuple[str, str]:
        """The heights of code and sign."""
        return f"{self.y + 4.8:.1f}", str(self.y + 8)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: a value and the number of states that have it."""

    value: Value
    count: int


@cache
def _places() -> Mapping[str, Mapping[str, Any]]:
    places: dict[str, Mapping[str, Any]] = packaged("tiles.yaml")["tiles"]
    return places


def values_of(view: str, source: str) -> tuple[Value, ...]:
    """Return the possible values of a view, in an edition or today; the highest first."""
    if source == TODAY:
        return _OF_FIVE_TODAY if view == "all" else _TODAY
    if view == "grooming":
        return _CRITERION if source == GROOMING_REVIEW else _GROOMING
    return _OF_FIVE if view == "all" else _CRITERION


def tiles(laws: Register, *, view: str, source: str, on: date) -> list[Tile]:
    """Return a tile for every state by name: from an edition, or from the register on a given day."""
    review = review_beside(laws, source)
    return [_tile(file, view, source, review, on) for file in members(laws)]


def review_beside(laws: Register, source: str) -> str:
    """Return the ICMEC edition whose bands are shown beside another review: the selected one, else the newest wide one."""
    return source if source in editions(laws) else default_edition(laws)


def _tile(file: Mapping[str, Any], view: str, source: str, review: str, on: date) -> Tile:
    now = state_today(file, on) if source == TODAY else None
    known = standing(file, review)
    found = now.readings if now else []
    of_five = _find(_OF_FIVE_TODAY, now.of_five) if now else _find(_OF_FIVE, known.band or "unknown")
    grooming_source = TOOLKIT if source == review else source
    grooming = _find(values_of("grooming", grooming_source), grooming_in(file, grooming_source, found))
    place = _places()[file["code"]]
    column = place["column"]
    criteria: Mapping[str, str] = now.criteria if now else known.criteria
    value = {"all": of_five, "grooming": grooming}.get(view) or _find(values_of(view, source), criteria[view])
    return Tile(
        code=file["code"],
        name=file["name"],
        region=REGIONS[place["region"]],
        is_west=column in WEST,
        x=(column if column in WEST else column - len(WEST)) * _CELL,
        y=place["row"] * _CELL,
        value=value,
        grooming=grooming,
        of_five=of_five,
    )


def _find(values: tuple[Value, ...], key: str) -> Value:
    return next(value for value in values if value.key == key)


def legend(shown: Iterable[Tile], view: str, source: str) -> list[Entry]:
    """Return the number of states with each value."""
    counts = Counter(tile.value.key for tile in shown)
    return [Entry(value, counts[value.key]) for value in values_of(view, source)]


def found(shown: Iterable[Tile], *, search: str, value: str) -> list[Tile]:
    """Return the states whose name or code contains the search text and that have the value, if one is given."""
    plain = " ".join(search.casefold().split())
    return [
        tile
        for tile in shown
        if (not value or tile.value.key == value)
        and (not plain or plain in tile.name.casefold() or plain == tile.code.casefold())
    ]
