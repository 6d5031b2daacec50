"""The queue and its views."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from leeward.casework import labels, queries, services
from leeward.casework.acting.rules.plan import PLACES
from leeward.casework.errors import NothingNewNow, NothingToTake
from leeward.casework.exposure.services.budget import standing_of
from leeward.casework.queue import labels as queue_labels
from leeward.casework.queue.queries.saved_views import cases_matching
from leeward.casework.queue.rules.views import EVERY_TAKEN_LANE, VIEWS
from leeward.casework.queue.views.listing import filters_from
from leeward.casework.rules.states import LANES, STATES
from leeward.casework.rules.transitions import BEFORE_FIRST_ASSESSMENT
from leeward.casework.views.doing import work_along
from leeward.foundation.actor import Actor
from leeward.people.access import actor_of, house_of, staff
from leeward.people.queries import staff_names
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key

PER_PAGE = 50
NOTHING_FITS = (_("No case found"), _("Remove a filter, or search for part of it: three characters are enough."))


@require_GET
@staff("case.read")
def queue(request: HttpRequest) -> HttpResponse:
    """Show one view of the queue, filtered and searched as the address says."""
    actor = actor_of(request)
    now = timezone.now()
    filters = filters_from(request.GET)
    view, text = "all" if filters.q else filters.view or "waiting", filters.q
    cases, quotes = cases_matching(filters, actor, now)
    page = queries.page_of_cases(cases, request.GET.get("page"), per_page=PER_PAGE)
    rows = queries.rows_of(page.rows, actor.id or 0)
    only = rows[0].reference if text and len(rows) == 1 and rows[0].reference == text else None
    if only:
        return redirect("casework:show-case", reference=only)
    shown = VIEWS[view]
    takes = shown.takes if may(actor, "case.claim", actor.hotline_id) else ""
    today = standing_of(actor, zone=house_of(request).zone, for_new=True) if takes else None
    counts = queries.counts(actor.hotline_id or 0, actor.id or 0, now)
    values: dict[str, Any] = {
        "view": view,
        "title": shown.title,
        "empty": NOTHING_FITS if filters.is_narrow else (shown.nothing, shown.hint),
        "quotes": quotes,
        "asked": filters.to_query(),
        "options": queue_labels,
        "may_list": bool(may(actor, "case.list", actor.hotline_id)),
        "may_share": bool(may(actor, "view.share", actor.hotline_id)),
        "switch": [(one, counts.get(one.name)) for one in VIEWS.values() if one.is_in_bar],
        "counts": counts,
        "most_counted": queries.MOST_COUNTED,
        "page": page,
        "rows": rows,
        "names": staff_names(actor.hotline_id or 0)
        if any(row.claimed_by not in (None, actor.id) for row in rows)
        else {},
        "me": actor.id,
        "sought": text,
        "filters": filters,
        "places": [(name, labels.PLACES[name]) for name in PLACES],
        "states": STATES.values(),
        "takes": takes,
        "ticks": _tickable(rows, actor, view),
        "sends": view == "decided",
        "today": today,
        "is_stopped": today is not None and today.stop is not None and LANES[takes].is_new_to_the_eye,
        "shows_appeals": bool(may(actor, "appeal.decide", actor.hotline_id)),
        "once": new_form_key(),
        "now": now,
    }
    return render(request, "casework/queue/queue.html", values)


def _tickable(rows: list[queries.CaseRow], actor: Actor, view: str) -> set[int]:
    """Return the cases on the page that this person can select: first assessments that nobody else has begun, to be
    assessed together, or, in a view of decided cases, those that can be sent together.
    """
    if view == "decided":
        may_send = may(actor, "case.act", actor.hotline_id)
        return {row.id for row in rows if may_send and not row.urgent and row.claimed_by in (None, actor.id)}
    if not may(actor, "case.assess", actor.hotline_id):
        return set()
    return {row.id for row in rows if row.state in BEFORE_FIRST_ASSESSMENT and row.claimed_by in (None, actor.id)}


def warn_of_limits(request: HttpRequest, actor: Actor) -> None:
    """Warn beside the case just taken which limits of the day are close: somebody going from case to case doesn't see
    the queue.
    """
    for sentence in standing_of(actor).warnings:
        messages.warning(request, sentence)


@require_POST
@staff("case.claim")
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the first case of a lane and open it."""
    lane = request.POST.get("lane", "waiting")
    lane = lane if lane in EVERY_TAKEN_LANE else "waiting"
    actor = actor_of(request)
    try:
        reference = services.claim_next(lane, actor=actor)
        work_along(request, lane)
    except (NothingToTake, NothingNewNow) as nothing:
        work_along(request, "waiting")
        if isinstance(nothing, NothingToTake):  # the queue itself says why nothing new is shown now
            messages.info(request, f"{nothing.text} {nothing.hint}")
        return redirect("casework:show-queue")
    warn_of_limits(request, actor)
    return redirect("casework:show-case", reference=reference)
