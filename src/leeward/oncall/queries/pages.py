"""Pages as they stand: open ones, those that are over, and what paging came to about reports."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.db.models import Count, F, Max

from leeward.oncall.models import Page, PagedReport, PageMessage
from leeward.oncall.rules.paging import Fate, Kind, Pauses, Standing
from leeward.people import queries as people
from leeward.people.queries import PortalRow

SHOWN_PAGES = 50


def pauses() -> Pauses:
    """How long rounds wait, as this installation keeps it."""
    return Pauses().at_pace(settings.LEEWARD.pace)


def standing_of(page: Page) -> Standing:
    """How a page stands, for the rules."""
    return _standing(page, PageMessage.objects.filter(page=page, round=page.rounds).values_list("state", flat=True))


def _standing(page: Page, states: Iterable[str]) -> Standing:
    fates = cast("list[Fate]", list(states))
    return Standing(cast("Kind", page.kind), page.closed_at is not None, page.rounds, page.round_at, fates)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page as it is shown: for which portal, how many reports, how far it went, who was reached, who acknowledged and after
    how long. `upto` is its newest report."""

    id: int
    portal_id: int
    portal_name: str
    time_zone: str
    kind: str
    count: int
    upto: int
    opened_at: datetime
    rounds: int
    closed_at: datetime | None
    closed_by: str
    how: str
    people: tuple[str, ...]
    standing: Standing

    @property
    def minutes(self) -> int:
        """After how many whole minutes it was over."""
        return int(((self.closed_at or self.opened_at) - self.opened_at).total_seconds() // 60)


def open_pages() -> list[Page]:
    """The open pages in the scope, oldest first."""
    return list(Page.objects.filter(closed_at__isnull=True).order_by("pk"))


def pages_to_show() -> list[Page]:
    """The open pages, then the newest of those that are over; one query."""
    return list(Page.objects.order_by(F("closed_at").desc(nulls_first=True), "-pk")[:SHOWN_PAGES])


def rows_of(pages: list[Page], portals: Iterable[PortalRow], names: dict[int, str]) -> list[PageRow]:
    """Pages as rows; two queries."""
    ids, its = [page.pk for page in pages], {row.id: row for row in portals}
    counted = PagedReport.objects.filter(page_id__in=ids).values("page_id").annotate(n=Count("pk"), newest=Max("pk"))
    counts = {row["page_id"]: (row["n"], row["newest"]) for row in counted}
    messages: dict[int, list[tuple[int, str, int | None]]] = defaultdict(list)
    sent = PageMessage.objects.filter(page_id__in=ids).order_by("pk")
    for page_id, number, state, person_id in sent.values_list("page_id", "round", "state", "person_id"):
        messages[page_id].append((number, state, person_id))
    return [_row(page, its[page.portal_id], counts.get(page.pk, (0, 0)), messages[page.pk], names) for page in pages]


def _row(
    page: Page,
    portal: PortalRow,
    counted: tuple[int, int],
    messages: list[tuple[int, str, int | None]],
    names: dict[int, str],
) -> PageRow:
    reached = dict.fromkeys(person for _number, state, person in messages if state == "sent" and person in names)
    return PageRow(
        id=page.pk,
        portal_id=page.portal_id,
        portal_name=portal.name,
        time_zone=portal.time_zone,
        kind=page.kind,
        count=counted[0],
        upto=counted[1],
        opened_at=page.opened_at,
        rounds=page.rounds,
        closed_at=page.closed_at,
        closed_by=names.get(page.closed_by_id or 0, ""),
        how=page.how,
        people=tuple(names[person] for person in reached if person is not None),
        standing=_standing(page, [state for number, state, _person in messages if number == page.rounds]),
    )


@dataclass(frozen=True, slots=True)
class PagedRow:
    """What paging came to about one report."""

    report_id: int
    paged_at: datetime
    rounds: int
    taken_at: datetime | None
    taken_by: str


def paging_of(report_ids: Iterable[int], hotline_id: int) -> dict[int, PagedRow]:
    """What paging came to about reports, the newest page of each; reports of which nobody was paged are left out. One query,
    and one for names."""
    found = list(PagedReport.objects.filter(report_id__in=list(report_ids)).select_related("page").order_by("pk"))
    names = people.staff_names(hotline_id) if found else {}
    return {
        row.report_id: PagedRow(
            row.report_id, row.page.opened_at, row.page.rounds, row.taken_at, names.get(row.taken_by_id or 0, "")
        )
        for row in found
    }


def unsent_messages() -> list[int]:
    """The messages of open pages that are still to go."""
    waiting = PageMessage.objects.filter(state__in=("waiting", "sending"), page__closed_at__isnull=True)
    return list(waiting.values_list("pk", flat=True))
