"""What Leeward itself knows of a country's response, asked of the other slices. All must run within the hotline's scope.

Each measurement answers with a phase, its day, and the numbers behind it, or not at all: what is not on record here may
well exist elsewhere.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from leeward.awareness.queries import Wish, entries, reviewed
from leeward.awareness.rules.vocabulary import AUDIENCES
from leeward.blocklist.publishing.queries import newest_of_each, subscribers_of_list
from leeward.blocklist.queries import block_lists
from leeward.capacity.queries import needs
from leeward.exchange.queries import active_peers
from leeward.hashbank.records.queries.altered import knows_pictures
from leeward.indicators.queries import counted_at, editions_of, tallies_of
from leeward.indicators.rules.cells import Cells, cells_of
from leeward.laws.errors import UnknownJurisdiction
from leeward.laws.pages.standing import gaps_of, year_of
from leeward.laws.queries import duties_of, is_reviewed, one_register, register
from leeward.laws.rules.gaps import BANDS
from leeward.laws.rules.solicitation import compile_offences
from leeward.laws.rules.three import YES
from leeward.national.rules.measures import (
    CRITERIA,
    ROLES,
    by_criteria,
    by_hotline,
    by_list,
    by_material,
    by_share,
    by_trained,
    by_years,
)
from leeward.national.rules.standing import Measured
from leeward.people.queries import PortalRow, portals_of
from leeward.people.rules.modes import ASSESS
from leeward.providers.queries.providers import providers

WEEK = timedelta(days=7)
MOST_LISTS = 50


@dataclass(frozen=True)
class _Asked:
    """A country, the year that is assessed and the moment; what several measurements need is asked once."""

    country: str
    year: int
    now: datetime
    hotline_id: int

    @cached_property
    def portals(self) -> list[PortalRow]:
        """The hotline's portals for the country."""
        return [row for row in portals_of(self.hotline_id, with_records=False) if row.country == self.country]

    @cached_property
    def years_published(self) -> set[int]:
        """The years of which figures are published."""
        return {one.year for row in self.portals for one in editions_of(row.id)}

    @cached_property
    def counted_at(self) -> datetime | None:
        """When the figures were last counted."""
        return counted_at()

    @cached_property
    def cells(self) -> Cells:
        """What was counted of the year in all of the portals, as figures are made of it."""
        found = Counter[tuple[int, str, str]]()
        for row in self.portals:
            found.update(tallies_of(row.id, self.year))
        return cells_of(found)

    @cached_property
    def trained(self) -> dict[str, tuple[int, int | None]]:
        """How many people of each role are trained and needed."""
        today = self.now.date()
        return {one.role: (one.trained, one.needed) for one in needs(today) if one.country == self.country}


def measured_for(country: str, year: int, now: datetime, *, hotline_id: int) -> dict[str, Measured]:
    """Return everything that is measured of a country, by name."""
    asked = _Asked(country, year, now, hotline_id)
    with one_register():
        found = {name: measure(asked) for name, measure in _MEASURES.items()}
    return {name: one for name, one in found.items() if one is not None}


def _measured(asked: _Asked, phase: int | None, **facts: object) -> Measured | None:
    return None if phase is None else Measured(phase, asked.now.date(), facts)


def _law_criteria(asked: _Asked) -> Measured | None:
    file = register().files.get(asked.country)
    row = gaps_of(file) if file else None
    if row is None or row.edition is None:
        return None
    low, high = BANDS[row.band] if row.band else (0, CRITERIA)
    least, most = max(low, len(row.met)), min(high, len(row.met) + len(row.unknown))
    facts = {"edition": row.named, "least": least, "most": most, "reviewed": is_reviewed(asked.country)}
    years_old = asked.year - (row.year or year_of(row.edition) or 0)
    return _measured(asked, by_criteria(least, most, years_old=years_old), **facts)


def _law_duty(asked: _Asked) -> Measured | None:
    try:
        sheet = duties_of(asked.country, asked.now.date())
    except UnknownJurisdiction:
        return None
    there = [one for one in sheet.duties if one.phase == "in force"]
    citations = "; ".join(dict.fromkeys(text for one in there for text in one.citations))
    phase = 3 if there else None
    return _measured(asked, phase, citations=citations[:300], reviewed=is_reviewed(asked.country))


def _solicitation(asked: _Asked) -> Measured | None:
    file = register().files.get(asked.country)
    there = [one for one in compile_offences(file) if one.span.holds(asked.now.date()) == YES] if file else []
    citations = "; ".join(dict.fromkeys(row.citation for one in there for row in one.provisions))
    return _measured(asked, 3 if there else None, citations=citations[:300], reviewed=is_reviewed(asked.country))


def _hotline(asked: _Asked) -> Measured | None:
    if not asked.portals:
        return None
    reports = asked.cells.get("reports") or 0
    is_open = any(row.is_open and row.takes_reports for row in asked.portals)
    phase = by_hotline(reports, len(asked.years_published), is_open=is_open)
    return _measured(asked, phase, reports=reports, years=len(asked.years_published), open=is_open)


def _assesses(asked: _Asked) -> Measured | None:
    if not asked.portals:
        return None
    assesses = any(row.mode == ASSESS for row in asked.portals)
    return _measured(asked, 3 if assesses else 2, assesses=assesses)


def _in_time(series: str, *values: str) -> Callable[[_Asked], Measured | None]:
    """Return the measurement of how many of the year's cases were dealt with within some hours."""

    def measure(asked: _Asked) -> Measured | None:
        cells = {name: number or 0 for name, number in asked.cells.items() if name.startswith(f"{series}:")}
        whole, part = sum(cells.values()), sum(cells.get(f"{series}:{value}", 0) for value in values)
        counted = asked.counted_at or asked.now
        phase = by_share(part, whole)
        return (
            None if phase is None else Measured(phase, counted.astimezone(UTC).date(), {"part": part, "whole": whole})
        )

    return measure


def _trained(name: str) -> Callable[[_Asked], Measured | None]:
    def measure(asked: _Asked) -> Measured | None:
        rows = [asked.trained[role] for role in ROLES[name] if role in asked.trained]
        trained, known = sum(row[0] for row in rows), [row[1] for row in rows if row[1] is not None]
        needed = sum(known) if known else None
        return _measured(asked, by_trained(rows), trained=trained, needed=needed)

    return measure


def _exchange(asked: _Asked) -> Measured | None:
    peers = len(active_peers())
    return _measured(asked, 3 if peers else None, peers=peers)


def _blocking(asked: _Asked) -> Measured | None:
    lists = [row.id for row in block_lists() if row.country in ("", asked.country)][:MOST_LISTS]
    newest = [published for published, _stopped in newest_of_each(lists).values() if published]
    subscribers = sum(len(subscribers_of_list(row.list_id)) for row in newest)
    is_current = any(row.at >= asked.now - WEEK for row in newest)
    phase = by_list(len(newest), subscribers, is_current=is_current) if lists else None
    return _measured(asked, phase, lists=len(lists), published=len(newest), subscribers=subscribers)


def _known_images(asked: _Asked) -> Measured | None:
    return _measured(asked, 3 if knows_pictures() else None)


def _partners(asked: _Asked) -> Measured | None:
    approved = providers("approved", None).total
    return _measured(asked, 3 if approved else None, providers=approved)


def _material(asked: _Asked) -> Measured | None:
    good = reviewed(Wish()).total
    audiences = [name for name in AUDIENCES if good and reviewed(Wish(audience=name)).total]
    phase = by_material(good, entries().total, is_for_all=len(audiences) == len(AUDIENCES))
    return _measured(asked, phase, reviewed=good, audiences=len(audiences))


def _figures(asked: _Asked) -> Measured | None:
    if not asked.portals or asked.counted_at is None:
        return None
    years = len(asked.years_published)
    return _measured(asked, by_years(years), years=years)


_MEASURES: dict[str, Callable[[_Asked], Measured | None]] = {
    "law_criteria": _law_criteria,
    "law_duty": _law_duty,
    "solicitation_offence": _solicitation,
    "hotline_running": _hotline,
    "hotline_assesses": _assesses,
    "hotline_in_time": _in_time("first_hours", "24"),
    "removal_notice": _in_time("up_hours", "24", "48", "72"),
    "police_told": _in_time("police_hours", "24"),
    "police_trained": _trained("police_trained"),
    "courts_trained": _trained("courts_trained"),
    "victims_trained": _trained("victims_trained"),
    "exchange_hotlines": _exchange,
    "blocking_list": _blocking,
    "victims_images": _known_images,
    "industry_partners": _partners,
    "education_material": _material,
    "steering_figures": _figures,
}
