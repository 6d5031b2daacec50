"""Hosting beside the law of its time: what was published here, series of others, and the law register; and taking in such series."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.indicators import queries
from leeward.indicators.errors import SeriesUnusable
from leeward.indicators.models import HostedElsewhere, Tally
from leeward.indicators.rules.drift import Cell, Rising, Stay, Then, band_then, cells_of, rising, stays_of
from leeward.indicators.rules.hosting_table import read_table
from leeward.indicators.rules.typed import MOST_SOURCE
from leeward.laws.queries import register
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.gaps import editions_of, standing
from leeward.laws.rules.provisions import criteria_on, readings_of
from leeward.people.queries import country_names, portals_of
from leeward.people.services import authorize

ACT = "figure.edit"
OWN = ""
MOST_SOURCES = 20


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything of the page. `cells` and `rising` are made of what is published and may be shown; `stays` are for the desk."""

    cells: list[Cell]
    rising: list[Rising]
    stays: list[Stay]
    sources: list[tuple[str, date]]


def drift_of(hotline_id: int) -> Drift:
    """Return hosting beside the law. Must run within the hotline's scope; four queries, and two for each portal."""
    law_of = law_then()
    cells: list[Cell] = []
    found: list[Rising] = []
    for source, (hosted, wholes) in [(OWN, _published(hotline_id)), *_elsewhere().items()]:
        cells += cells_of(source, hosted, wholes, law_of)
        found += rising(source, hosted, wholes, law_of, absent=0 if source == OWN else None)
    sources = HostedElsewhere.objects.order_by("source").values_list("source", "source_date").distinct()
    return Drift(cells, found, stays_of(_stayed(), law_of), list(sources))


def law_then() -> Callable[[str, int], Then]:
    """Return what tells a country's law on 1 July of a year, by the register in force."""
    laws = register()
    return lambda country, year: _law_then(laws.version, country, year)


@lru_cache(maxsize=10_000)
def _law_then(version: str, country: str, year: int) -> Then:
    file = register().files.get(country)
    if file is None or file["kind"] == "standard":
        return Then("unknown")
    on = date(year, 7, 1)
    criteria = tuple(str(row.standing) for row in criteria_on(readings_of(file, on), evidence_of(file, on)))
    dated = [one for name in editions_of(file) if (one := standing(file, name)).year and one.year <= year]
    return Then(band_then(criteria, dated[-1].band if dated else None), criteria)


def _published(hotline_id: int) -> tuple[dict[tuple[int, str], int | None], dict[int, int]]:
    """Return where illegal cases were hosted, as the newest edition of each year shows it, of all portals; hidden ones are None.
    A year of a portal whose whole is hidden is left out."""
    hosted: dict[tuple[int, str], int | None] = {}
    wholes: dict[int, int] = {}
    for row in portals_of(hotline_id):
        newest = {one.year: one for one in reversed(queries.editions_of(row.id))}
        for year, edition in newest.items():
            cells = edition.figures.cells
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
