"""The state of pages: open ones, finished ones, and the result of paging about reports."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from leeward.oncall.models import Page, PagedReport, PageMessage
from leeward.oncall.rules.paging import Fate, Kind, Pauses, Standing
from leeward.people.queries import PortalRow

SHOWN_PAGES = 50


def pauses() -> Pauses:
    """Return how long rounds wait in this installation."""
    return Pauses().at_pace(settings.LEEWARD.pace)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message of a page, reduced to what the state of the page depends on."""

    number: int
    state: str
    person_id: int | None
    created_at: datetime


def standing_of(page: Page) -> Standing:
    """Return the state of a page, as input to the rules."""
    joined = page.reports.filter(taken_at__isnull=True).aggregate(at=Max("added_at"))["at"]
    return _standing(page, _messages_of([page.pk])[page.pk], joined)


def _messages_of(page_ids: list[int]) -> dict[int, list[_Sent]]:
    """Return the messages of pages; one query."""
    found: dict[int, list[_Sent]] = defaultdict(list)
    rows = PageMessage.objects.filter(page_id__in=page_ids).order_by("pk")
    fields = ("page_id", "round", "state", "person_id", "created_at")
    for page_id, number, state, person_id, created_at in rows.values_list(*fields):
        found[page_id].append(_Sent(number, state, person_id, created_at))
    return found


def _standing(page: Page, messages: list[_Sent], joined_at: datetime | None) -> Standing:
    delivered = [one for one in messages if one.state == "sent"]
    last_delivered = max((one.number for one in delivered), default=0)
    later = [one.created_at for one in messages if one.number > last_delivered]
    unheard_since = min(later, default=None) if delivered else page.opened_at
    # A message certainly contains what was in the page when it was made.
    last_delivered_at = max((one.created_at for one in delivered), default=page.round_at)
    return Standing(
        kind=cast("Kind", page.kind),
        is_over=page.closed_at is not None,
        rounds=page.rounds,
        round_at=page.round_at,
        fates=cast("list[Fate]", [one.state for one in messages if one.number == page.rounds]),
        delivered_rounds=len({one.number for one in delivered}),
        unheard_since=unheard_since,
        has_new=joined_at is not None and last_delivered_at is not None and joined_at > last_delivered_at,
        held_until=page.held_until,
    )


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page as it is shown: its portal, how many reports, how far it went, who was reached, who acknowledged and after
    how long. `upto` is its newest report.
    """

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
    held_until: datetime | None

    @property
    def minutes(self) -> int:
        """Return after how many whole minutes it ended."""
        return int(((self.closed_at or self.opened_at) - self.opened_at).total_seconds() // 60)

    @property
    def is_answered(self) -> bool:
        """Return whether it was urgent and a person ended it."""
        return self.kind == "urgent" and self.closed_at is not None and self.how != "ended"


def named(person: Any, hotline_id: int) -> str:
    """Return an account's name, with its hotline where that is another one."""
    return str(person.name) if person.hotline_id == hotline_id else f"{person.name} ({person.hotline.name})"


@dataclass(frozen=True, slots=True)
class CountedPage:
    """A page and its reports: how many, the newest, and when the newest one that nobody has taken joined."""

    page: Page
    count: int
    newest: int
    joined_at: datetime | None


def open_pages() -> list[CountedPage]:
    """Return the open pages in the scope, oldest first; one query."""
    return _counted(Page.objects.filter(closed_at__isnull=True).order_by("pk"))


def open_urgent_pages(portal_id: int) -> int:
    """Return how many urgent pages of a portal are open, or held by somebody's word; one query."""
    waiting = Q(closed_at__isnull=True) | Q(held_until__isnull=False)
    return Page.objects.filter(waiting, portal_id=portal_id, kind="urgent").count()


def held_pages() -> list[int]:
    """Return the pages in the scope that somebody answered and whose reports nobody has taken up yet."""
    return list(Page.objects.filter(held_until__isnull=False).values_list("pk", flat=True))


def pages_to_show() -> list[CountedPage]:
    """Return the open pages, then the newest of those that have ended; one query."""
    newest_first = (F("closed_at").desc(nulls_first=True), "-pk")
    shown = Page.objects.order_by(*newest_first).values("pk")[:SHOWN_PAGES]
    return _counted(Page.objects.filter(pk__in=shown).order_by(*newest_first))


def _counted(pages: QuerySet[Page]) -> list[CountedPage]:
    joined = Max("reports__added_at", filter=Q(reports__taken_at__isnull=True))
    count, newest = Count("reports__report_id", distinct=True), Coalesce(Max("reports__pk"), 0)
    rows = pages.select_related("closed_by__hotline").annotate(count=count, newest=newest, joined_at=joined)
    return [CountedPage(row, row.count, row.newest, row.joined_at) for row in rows]


def rows_of(pages: list[CountedPage], portals: Iterable[PortalRow], names: dict[int, str]) -> list[PageRow]:
    """Return pages as rows; one query."""
    its, messages = {row.id: row for row in portals}, _messages_of([one.page.pk for one in pages])
    return [_row(one, its[one.page.portal_id], messages[one.page.pk], names) for one in pages]


def _row(counted: CountedPage, portal: PortalRow, messages: list[_Sent], names: dict[int, str]) -> PageRow:
    page = counted.page
    reached = dict.fromkeys(one.person_id for one in messages if one.state == "sent" and one.person_id in names)
    return PageRow(
        id=page.pk,
        portal_id=page.portal_id,
        portal_name=portal.name,
        time_zone=portal.time_zone,
        kind=page.kind,
        count=counted.count,
        upto=counted.newest,
        opened_at=page.opened_at,
        rounds=page.rounds,
        closed_at=page.closed_at,
        closed_by=named(page.closed_by, page.hotline_id) if page.closed_by else "",
        how=page.how,
        people=tuple(names[person] for person in reached if person is not None),
        standing=_standing(page, messages, counted.joined_at),
        held_until=page.held_until,
    )


@dataclass(frozen=True, slots=True)
class PagedRow:
    """The result of paging about one report."""

    report_id: int
    paged_at: datetime
    rounds: int
    taken_at: datetime | None
    taken_by: str


def paging_of(report_ids: Iterable[int]) -> dict[int, PagedRow]:
    """Return the result of paging about reports, by the newest page of each; reports about which nobody was paged are
    left out. One query.
    """
    found = PagedReport.objects.filter(report_id__in=list(report_ids)).order_by("pk")
    rows = found.values_list("report_id", "page__opened_at", "page__rounds", "taken_at", "taken_by__name")
    return {
        report_id: PagedRow(report_id, opened_at, rounds, taken_at, name or "")
        for report_id, opened_at, rounds, taken_at, name in rows
    }


def unsent_messages() -> list[int]:
    """Return the messages of open pages that are still to be sent."""
    waiting = PageMessage.objects.filter(state__in=("waiting", "sending"), page__closed_at__isnull=True)
    return list(waiting.values_list("pk", flat=True))
