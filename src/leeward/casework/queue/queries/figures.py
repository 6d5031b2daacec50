"""What came in through each portal in a month, and what became of it; by country and together."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from leeward.casework.models import Case
from leeward.intake.queries.counts import counts_by_portal
from leeward.intake.services.receiving import REHEARSAL
from leeward.notices.queries import protection_counts
from leeward.people.queries import portals_of


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the reports that came in and of the cases that were opened: how many there are, and where the cases stand now.
    `at_risk`: about how many cases child protection was told, and of how many it is known what came of it.
    """

    reports: int = 0
    urgent: int = 0
    cases: int = 0
    illegal: int = 0
    forwarded: int = 0
    removed: int = 0
    at_risk: int = 0
    at_risk_known: int = 0

    @staticmethod
    def of_all(rows: Iterable["Figures"]) -> "Figures":
        """Return the sum."""
        given = list(rows)
        return Figures(*(sum(getattr(row, one.name) for row in given) for one in fields(Figures)))


@dataclass(frozen=True, slots=True)
class PortalFigures:
    """The figures of one portal."""

    name: str
    country: str
    figures: Figures


def figures_of(hotline_id: int, first: date, until: date, zone: str) -> tuple[list[PortalFigures], Figures]:
    """Return the figures of each portal from one day to the day before another, in the time of `zone`, and their sum.
    Test reports and their cases don't count. Four queries; in the hotline's scope."""
    start, end = (datetime.combine(day, time(), tzinfo=ZoneInfo(zone)) for day in (first, until))
    came = counts_by_portal(start, end)
    opened = Case.objects.filter(received_at__gte=start, received_at__lt=end, merged_into=None).exclude(
        source=REHEARSAL
    )
    found = (
        opened.order_by()
        .values("portal_id")
        .annotate(
            n=Count("id"),
            illegal=Count("id", filter=Q(outcome="illegal")),
            forwarded=Count("id", filter=Q(state="forwarded")),
            removed=Count("id", filter=Q(removed_at__isnull=False)),
        )
    )
    cases = {row["portal_id"]: (row["n"], row["illegal"], row["forwarded"], row["removed"]) for row in found}
    informed = protection_counts(start, end)
    rows = [
        PortalFigures(
            row.name,
            row.country,
            Figures(*came.get(row.id, (0, 0)), *cases.get(row.id, (0, 0, 0, 0)), *informed.get(row.id, (0, 0))),
        )
        for row in portals_of(hotline_id)
    ]
    return rows, Figures.of_all(row.figures for row in rows)
