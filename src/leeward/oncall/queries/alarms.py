"""What keeps people from being paged, and the data of the desk's paging page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django_scopes import scope

from leeward.oncall.queries.lists import Lists, lists_of, tests_acknowledged
from leeward.oncall.queries.pages import PageRow, open_pages, pages_to_show, pauses, rows_of
from leeward.oncall.rules.circles import instead_of_them, on_call_in
from leeward.oncall.rules.paging import is_unanswered, reaches_nobody
from leeward.people import queries as people_queries
from leeward.people.queries import PortalRow


@dataclass(frozen=True, slots=True)
class Alarm:
    """A problem because of which nobody may be paged: a code of `labels.ALARMS`, and the portal."""

    code: str
    hotline_id: int
    portal_id: int
    portal_name: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the desk's paging page."""

    alarms: list[Alarm]
    open: list[PageRow]
    over: list[PageRow]
    portals: list[PortalRow]
    lists: Lists
    tested_at: dict[int, datetime]


def board(hotline_id: int) -> Board:
    """Return a hotline's paging page, in its scope; at most nine queries, however many portals there are."""
    portals = people_queries.portals_of(hotline_id)
    lists = lists_of(hotline_id, [row.id for row in portals])
    names = {row.id: row.name for row in lists.staff}
    pages = rows_of(pages_to_show(), portals, names)
    waiting = [row for row in pages if row.closed_at is None]
    over = [row for row in pages if row.closed_at is not None]
    return Board(_found(portals, lists, waiting), waiting, over, portals, lists, tests_acknowledged())


def alarms(hotline_id: int | None = None) -> list[Alarm]:
    """Return what keeps people from being paged, of one hotline or of all; works in any scope or none. At most seven
    queries per hotline.
    """
    found = []
    for row in people_queries.hotlines():
        if hotline_id in (None, row.id):
            with scope(hotline=row.id):
                portals = people_queries.portals_of(row.id)
                lists = lists_of(row.id, [one.id for one in portals])
                waiting = open_pages()
                found += _found(portals, lists, rows_of(waiting, portals, {}) if waiting else [])
    return found


# Who is paged first if nobody on the rota can be: one code for each of the other circles.
INSTEAD = ("rota_to_supervisors", "rota_to_staff", "rota_to_everybody")


def _lacks(portal: PortalRow, lists: Lists, now: datetime) -> str:
    """Return what is wrong with the people whom a page of this portal would reach first; "" if that is somebody on the
    rota, or the supervisors where there is no rota.
    """
    circles = lists.circles(portal, now)
    if not any(circles):
        return "nobody_on_call" if lists.can_mail else "no_mail_server"
    if on_call_in(circles) or not lists.has_rota(portal):
        return ""
    return next(code for code, circle in zip(INSTEAD, instead_of_them(circles), strict=True) if circle)


def _found(portals: Iterable[PortalRow], lists: Lists, waiting: Iterable[PageRow]) -> list[Alarm]:
    now = datetime.now(UTC)
    found = [
        Alarm(code, row.hotline_id, row.id, row.name)
        for row in portals
        if row.takes_reports and (code := _lacks(row, lists, now))
    ]
    hotline_of = {row.id: row.hotline_id for row in portals}
    for page in waiting:
        if page.kind == "urgent" and reaches_nobody(page.standing, pauses(), now):
            found.append(Alarm("page_reaches_nobody", hotline_of[page.portal_id], page.portal_id, page.portal_name))
        elif is_unanswered(page.standing):
            found.append(Alarm("page_unanswered", hotline_of[page.portal_id], page.portal_id, page.portal_name))
    return found
