"""Figures over HTTP: definitions, a published year of any portal here, and a counted year of the key's own hotline."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_scopes import scope
from ninja import Query, Router, Schema
from pydantic import Field

from leeward.foundation.errors import NotFound
from leeward.indicators import queries, services
from leeward.indicators.definitions import BY_NAME, DEFINITIONS
from leeward.indicators.errors import NoSuchFigure, NothingCounted, NothingPublished
from leeward.indicators.open_files import cite_of
from leeward.indicators.rules.formulas import Definition
from leeward.indicators.rules.open_data import LICENCE
from leeward.indicators.rules.typed import FIRST_YEAR
from leeward.people.bearer import bearer, in_hotline, key_of, token_actor
from leeward.people.queries import PortalRow, portals_of, portals_open

router = Router(tags=["figures"], auth=bearer("statistics"))
Name = Annotated[str, Field(max_length=60)]
YearNumber = Annotated[int, Field(ge=FIRST_YEAR, le=9999)]


class Indicator(Schema):
    """One indicator: what it says, its formula over cells, its source, what others count that is nearest, its caveat."""

    name: str
    title: str
    definition: str
    unit: str
    formula: str
    source: str
    counterpart: str
    caveat: str


class FigureRow(Schema):
    """One figure, as in the CSV. Without a number, `why` says why: hidden, no_data, nothing_to_divide or too_few;
    with one, rounded: it is a multiple of 5, at most 4 away from the true one. One that no system
    knows was typed in from `source`, of `source_date`."""

    portal: str
    year: int
    indicator: str
    of: str
    number: float | None
    unit: str
    why: str
    source: str
    source_date: str


class FiguresOfYear(Schema):
    """A year of a portal. `edition`, `published_at`, `note`, `licence` and `cite` are of what was published, else empty."""

    portal: str
    country: str
    year: int
    edition: int | None
    published_at: datetime | None
    counted_at: datetime | None
    note: str
    licence: str
    cite: str
    figures: list[FigureRow]


class Wanted(Schema):
    """Which figures of a year: `counted` for those that are not published, of one's own hotline; one `indicator`, or all."""

    counted: bool = False
    indicator: Name = ""


@router.get("", response=list[Indicator], operation_id="figures_list", summary="Every indicator with its definition")
def indicators(request: HttpRequest) -> list[dict[str, Any]]:
    """List the indicators in the order in which a year has them."""
    return [_defined(one) for one in DEFINITIONS]


@router.get(
    "/{str:name}", response=Indicator, operation_id="figures_definition", summary="The definition of one indicator"
)
def definition(request: HttpRequest, name: Name) -> dict[str, Any]:
    """Return the definition of an indicator by its name, as the list has it."""
    return _defined(_named(name))


@router.get(
    "/{str:portal}/{int:year}", response=FiguresOfYear, operation_id="figures_year", summary="The figures of a year"
)
@in_hotline
def figures(request: HttpRequest, portal: Name, year: YearNumber, wanted: Query[Wanted]) -> dict[str, Any]:
    """Return a portal's figures of a year: the newest edition that was published, small numbers hidden.

    With `counted=true`, those that were last counted, nothing hidden: only for the portals of the hotline that gave the
    key, and each time on record in its log.
    """
    names = (_named(wanted.indicator).name,) if wanted.indicator else ()
    if wanted.counted:
        return _counted(request, portal, year, names)
    row = _portal(portal, [*portals_open(), *portals_of(key_of(request).hotline_id)])
    with scope(hotline=row.hotline_id):
        editions = queries.editions_of(row.id, year)
    if not editions:
        raise NothingPublished(year=year, portal=row.name)
    found = editions[0]
    return {
        **_year(row, year, queries.rows_for(row, year, found.figures, names)),
        "edition": found.edition,
        "published_at": found.at,
        "note": found.note,
        "licence": LICENCE["name"],
        "cite": cite_of(row, found),
    }


def _counted(request: HttpRequest, portal: str, year: int, names: tuple[str, ...]) -> dict[str, Any]:
    key = key_of(request)
    row = _portal(portal, portals_of(key.hotline_id))
    found = queries.year_of(row.id, year)
    if not (found.has_data or found.typed):
        raise NothingCounted(year=year, portal=row.name)
    services.note_export(row.slug, year, actor=token_actor(key))
    return {**_year(row, year, queries.rows_for(row, year, found, names)), "counted_at": queries.counted_at()}


def _year(row: PortalRow, year: int, figures: list[dict[str, Any]]) -> dict[str, Any]:
    empty = {"edition": None, "published_at": None, "counted_at": None, "note": "", "licence": "", "cite": ""}
    return {"portal": row.slug, "country": row.country, "year": year, **empty, "figures": figures}


def _portal(slug: str, among: list[PortalRow]) -> PortalRow:
    found = next((row for row in among if row.slug == slug), None)
    if found is None:
        raise NotFound(what=_("portal"))
    return found


def _named(name: str) -> Definition:
    if name not in BY_NAME:
        raise NoSuchFigure(name=name)
    return BY_NAME[name]


def _defined(one: Definition) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": str(one.title),
        "definition": str(one.definition),
        "unit": one.unit,
        "formula": one.formula,
        "source": one.source,
        "counterpart": one.counterpart,
        "caveat": str(one.caveat),
    }
