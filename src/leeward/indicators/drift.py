"""Hosting beside the law of its time: what was published here, series of others, and the law register; and taking in such series."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.indicators import queries
from leeward.indicators.errors import SeriesUnusable
from leeward.indicators.models import HostedElsewhere, Tally
from leeward.indicators.rules.cells import Cells
from leeward.indicators.rules.drift import Cell, Rising, Stay, Week, cells_of, rising, stays_of, weeks_of
from leeward.indicators.rules.hosting_table import read_table
from leeward.indicators.rules.typed import MOST_SOURCE
from leeward.people.queries import country_names, portals_of
from leeward.people.rules.reading import mark_of
from leeward.people.services import authorize

ACT = "figure.edit"
OWN = ""
MOST_SOURCES = 20


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything of the page. `cells`, `rising` and `weeks` are made of what is published and may be shown; `stays` are for the
    desk."""

    cells: list[Cell]
    rising: list[Rising]
    weeks: list[Week]
    stays: list[Stay]
    sources: list[tuple[str, date]]


def drift_of(hotline_id: int) -> Drift:
    """Return hosting beside the law. Must run within the hotline's scope; four queries, and two for each portal."""
    law_of, newest = queries.law_then(), _newest(hotline_id)
    cells: list[Cell] = []
    found: list[Rising] = []
    for source, (hosted, wholes) in [(OWN, _published(newest)), *_elsewhere().items()]:
        cells += cells_of(source, hosted, wholes, law_of)
        found += rising(source, hosted, wholes, law_of, absent=0 if source == OWN else None)
    sources = HostedElsewhere.objects.order_by("source").values_list("source", "source_date").distinct()
    return Drift(cells, found, weeks_of(_hours_by_law(newest)), stays_of(_stayed(), law_of), list(sources))


def _newest(hotline_id: int) -> list[tuple[int, Cells]]:
    """Return what the newest edition of each year of each portal shows."""
    found = []
    for row in portals_of(hotline_id):
        editions = {one.year: one for one in reversed(queries.editions_of(row.id))}
        found += [(year, edition.figures.cells) for year, edition in editions.items()]
    return found


def _published(newest: list[tuple[int, Cells]]) -> tuple[dict[tuple[int, str], int | None], dict[int, int]]:
    """Return where illegal cases were hosted, of all portals; hidden ones are None. A year of a portal whose whole is hidden is
    left out."""
    hosted: dict[tuple[int, str], int | None] = {}
    wholes: dict[int, int] = {}
    for year, cells in newest:
        whole = cells.get("outcome:illegal")
        if not whole:
            continue
        wholes[year] = wholes.get(year, 0) + whole
        for name, number in cells.items():
            table, _colon, country = name.partition(":")
            if table == "country":
                before = hosted.get((year, country), 0)
                hosted[year, country] = None if None in (number, before) else (number or 0) + (before or 0)
    return hosted, wholes


def _hours_by_law(newest: list[tuple[int, Cells]]) -> Iterator[tuple[int, str, int | None]]:
    for year, cells in newest:
        for name, number in cells.items():
            table, _colon, of = name.partition(":")
            if table == "law_hours":
                yield year, of, number


def _elsewhere() -> dict[str, tuple[dict[tuple[int, str], int | None], dict[int, int]]]:
    found: dict[str, tuple[dict[tuple[int, str], int | None], dict[int, int]]] = {}
    rows = HostedElsewhere.objects.order_by("source", "year", "country")
    for source, year, country, number in rows.values_list("source", "year", "country", "number"):
        hosted, wholes = found.setdefault(source, ({}, {}))
        hosted[year, country] = number
        wholes[year] = wholes.get(year, 0) + number
    return found


def _stayed() -> dict[tuple[int, str, str], int]:
    rows = Tally.objects.filter(series="stayed").order_by().values_list("year", "value").annotate(n=Sum("number"))
    return {(year, *_split(value)): number for year, value, number in rows}


def _split(value: str) -> tuple[str, str]:
    country, _colon, day = value.partition(":")
    return country, day


def mark_of_series() -> str:
    """Return a mark of the series of others, within the hotline’s scope: by an older page nobody replaces what a colleague took in since."""
    rows = HostedElsewhere.objects.order_by("source", "source_date", "at").values_list("source", "source_date", "at")
    return mark_of([str(row) for row in rows.distinct()])


def take_series(content: bytes, *, source: str, source_date: date, actor: Actor) -> int:
    """Take in a yearly series in place of what the same source said before, whole or not at all; return its rows. Raises
    SeriesUnusable."""
    hotline_id = actor.hotline_id or 0
    authorize(actor, ACT, hotline_id)
    source, now = " ".join(source.split()), datetime.now(UTC)
    if not source or len(source) > MOST_SOURCE:
        raise SeriesUnusable(why=_("say in up to 300 characters where it comes from"))
    if source_date > now.date():
        raise SeriesUnusable(why=_("the day of the source is not over yet"))
    found, faults = read_table(content, countries=country_names().keys(), this_year=now.year)
    if faults:
        lines = [_("line %(number)s: %(why)s") % {"number": number, "why": why} for number, why in faults[:5]]
        raise SeriesUnusable(why="; ".join(lines))
    with hotline_transaction():
        known = set(HostedElsewhere.objects.order_by().values_list("source", flat=True).distinct())
        if source not in known and len(known) >= MOST_SOURCES:
            raise SeriesUnusable(why=_("there are %(most)s sources already") % {"most": MOST_SOURCES})
        HostedElsewhere.objects.filter(source=source).delete()
        by = actor.id if actor.kind == "staff" else None
        rows: list[dict[str, Any]] = [
            {"year": year, "country": country, "number": number} for (year, country), number in found.items()
        ]
        HostedElsewhere.objects.bulk_create(
            [
                HostedElsewhere(hotline_id=hotline_id, source=source, source_date=source_date, by_id=by, at=now, **row)
                for row in rows
            ],
            batch_size=1000,
        )
        facts = {"source": source[:80], "rows": len(rows)}
        record("hosting.imported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return len(rows)
