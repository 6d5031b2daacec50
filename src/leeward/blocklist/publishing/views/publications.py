"""The pages of publications: the current state of each list, stopped attempts, and the actions publish, roll back,
resume.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import keys, labels, queries, services
from leeward.blocklist.publishing.queries import PublicationRow
from leeward.blocklist.publishing.queries.publications import HoldRow
from leeward.blocklist.publishing.services import Outcome
from leeward.blocklist.publishing.views.sending import first_time, hotline_of
from leeward.blocklist.queries import ListRow
from leeward.blocklist.queries.entries import stranded_appeals
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.queries import time_zone_of
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of


@require_safe
@staff("publication.read")
def publications(request: HttpRequest) -> HttpResponse:
    """Show every list with its current publication, and what was stopped since."""
    lists = blocklist_queries.block_lists()
    numbers = [row.id for row in lists]
    newest, holds = queries.newest_of_each(numbers), queries.holds(numbers)
    rows = [
        {"list": row, "newest": newest[row.id][0], "stopped": newest[row.id][1], "hold": holds.get(row.id)}
        for row in lists
    ]
    actor = actor_of(request)
    stands_in = may(actor, "block_appeal.answer", actor.hotline_id) and not may(
        actor, "appeal.decide", actor.hotline_id
    )
    values = {
        "rows": rows,
        "stranded": stranded_appeals() if stands_in else 0,
        "alarms": [(row, labels.ALARMS[row.alarm]) for row in queries.alarms()],
        "stops": queries.stops_shown(datetime.now(UTC).date()),
        "key": keys.public_key(),
        "view": "publications",
    }
    return render(request, "publishing/publications.html", values | acts_of(request))


@require_safe
@staff("publication.read")
def one_list(request: HttpRequest, name: str) -> HttpResponse:
    """Show the publications of a list, newest first."""
    row = blocklist_queries.block_list(name)
    page = page_of(queries.publications(row.id), request.GET.get("page"))
    found = [queries.publication_row(made) for made in page.rows]
    newest, stopped = queries.newest_of_each([row.id])[row.id]
    hold = queries.hold_of(row.id)
    values = {
        "list": row,
        "page": page,
        "rows": [(made, labels.WHYS[made.why]) for made in found],
        "newest": newest,
        "stopped": stopped,
        "gates": _gates(stopped),
        "only_sizes": stopped is not None and {one.gate for one in stopped.failures} <= set(services.SIZES),
        "hold": hold,
        "live": blocklist_queries.live_count(row.id),
        "seen": _mark_of(row, hold, stopped),
        "once": new_form_key(),
        "view": "publications",
    }
    return render(request, "publishing/list.html", values | acts_of(request))


@require_POST
@staff("publication.make")
def publish(request: HttpRequest, name: str) -> HttpResponse:
    """Publish the current entries of the list."""
    row = blocklist_queries.block_list(name)
    if first_time(request, f"publish:{row.id}"):
        accept = services.SIZES if request.POST.get("accept") == "sizes" else ()
        demand_as_shown(request, _mark_now(row))
        _say(request, services.publish(row.id, actor=actor_of(request), accept=accept))
    return _back(row)


@require_POST
@staff("publication.make")
def roll_back(request: HttpRequest, name: str) -> HttpResponse:
    """Publish an earlier publication again and hold the list there."""
    row = blocklist_queries.block_list(name)
    serial, reason = request.POST.get("serial", ""), request.POST.get("reason", "").strip()
    if not reason or not serial.isdecimal():
        messages.error(request, _("Say why, and choose a serial."))
    elif first_time(request, f"rollback:{row.id}"):
        _say(request, services.roll_back(row.id, int(serial[:11]), reason=reason, actor=actor_of(request)))
    return _back(row)


@require_POST
@staff("publication.make")
def resume(request: HttpRequest, name: str) -> HttpResponse:
    """Resume a held list."""
    row = blocklist_queries.block_list(name)
    if first_time(request, f"resume:{row.id}"):
        demand_as_shown(request, _mark_now(row))
        _say(request, services.resume(row.id, actor=actor_of(request)))
    return _back(row)


def _mark_now(row: ListRow) -> str:
    return _mark_of(row, queries.hold_of(row.id), queries.newest_of_each([row.id])[row.id][1])


def _mark_of(row: ListRow, hold: HoldRow | None, stopped: PublicationRow | None) -> str:
    """Return a mark of why a list is held and what was stopped: another reason, or another jump, has to be read first."""
    return mark_of(row.id, hold, stopped.id if stopped else None)


def acts_of(request: HttpRequest) -> dict[str, bool | str]:
    """Return what this person may do on the pages of publishing, and their time zone."""
    actor = actor_of(request)
    return {
        "may_publish": bool(may(actor, "publication.make", hotline_of(request))),
        "may_subscribe": bool(may(actor, "subscriber.edit", hotline_of(request))),
        "may_entries": bool(may(actor, "entry.read", hotline_of(request))),
        "time_zone": time_zone_of(hotline_of(request)),
    }


def _gates(stopped: PublicationRow | None) -> list[dict[str, Any]]:
    failures = stopped.failures if stopped else ()
    return [{"label": labels.GATES[one.gate], "failure": one} for one in failures]


def _say(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.stopped and outcome.published and outcome.published.only_removals:
        messages.warning(request, _("A release check stopped it. Removals are published all the same."))
    elif outcome.stopped:
        messages.error(request, _("A release check stopped it. The published list is unchanged."))
    else:
        messages.success(request, _("The list is published."))


def _back(row: ListRow) -> HttpResponse:
    return redirect("publishing_desk:show-publications", name=row.name)
