"""Saved views, and lists exported from the desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.casework.errors import ReasonMissing
from leeward.casework.queries import MOST_COUNTED
from leeward.casework.queue.labels import filter_labels
from leeward.casework.queue.queries.saved_views import (
    ViewRow,
    cases_matching,
    lists_taken,
    numbers_of,
    read_filters,
    views_of,
)
from leeward.casework.queue.rules.filters import Filters
from leeward.casework.queue.services import listing
from leeward.casework.queue.services.listing import may_take_addresses, remove_view, save_view, take_list
from leeward.casework.views.doing import is_part, once
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.people.access import actor_of, staff
from leeward.people.queries import staff_names
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


def filters_from(query: QueryDict) -> Filters:
    """Return the filters in an address or a form."""
    return read_filters({**query.dict(), "flags": query.getlist("flags")})


def _may_remove(row: ViewRow, actor: Actor, *, may_share: bool) -> bool:
    """Return whether this person may delete a view: their own, or a shared one if they manage those; never a shipped
    one.
    """
    return row.owner is not None and (row.owner == actor.id or (row.is_shared and may_share))


@require_http_methods(["GET", "POST"])
@staff("case.read")
def views(request: HttpRequest) -> HttpResponse:
    """GET: every view with its count, as a page or as a row of links. POST: save the current filters under a name."""
    actor = actor_of(request)
    if request.method == "POST":
        filters = filters_from(QueryDict(request.POST.get("asked", "")))
        name, shared = request.POST.get("name", ""), request.POST.get("shared") == "yes"
        once(request, "save view", lambda: save_view(name, filters, shared=shared, actor=actor))
        messages.success(request, _("Saved. It is in the row of saved views."))
        return redirect(f"/desk/?{filters.to_query()}")
    rows = views_of(actor, timezone.now())
    may_share = bool(may(actor, "view.share", actor.hotline_id))
    values = {
        "rows": [(row, filter_labels(row.filters), _may_remove(row, actor, may_share=may_share)) for row in rows],
        "most": MOST_COUNTED,
        "may_share": may_share,
        "names": {} if is_part(request) else staff_names(actor.hotline_id or 0),
        "once": new_form_key(),
    }
    return render(
        request, f"casework/queue/{'includes/saved_views' if is_part(request) else 'saved_views'}.html", values
    )


@require_POST
@staff("case.read")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Delete a view."""
    once(request, f"remove view {number}", lambda: remove_view(number, actor=actor_of(request)))
    return redirect("casework:list-views")


@require_http_methods(["GET", "POST"])
@staff("case.list")
def take(request: HttpRequest) -> HttpResponseBase:
    """GET: what the list will contain, and earlier exports. POST: record the reason, and stream the list."""
    actor = actor_of(request)
    if request.method != "POST":
        return _take_page(request, filters_from(request.GET))
    filters = filters_from(QueryDict(request.POST.get("asked", "")))
    addresses = request.POST.get("addresses") == "yes"
    try:
        if len(request.POST.get("reason", "").strip()) < listing.LEAST_REASON:
            raise ReasonMissing
        with hotline_transaction():
            is_first = use_once(request.POST.get("once", ""), purpose="casework take list")
        if not is_first:
            return redirect(f"/desk/list?{filters.to_query()}")
        lines = take_list(filters, reason=request.POST["reason"], addresses=addresses, actor=actor)
    except LeewardError as error:
        return _take_page(request, filters, problem=error)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"cases-{timezone.now().date().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _take_page(request: HttpRequest, filters: Filters, *, problem: LeewardError | None = None) -> HttpResponse:
    actor = actor_of(request)
    cases, _quotes = cases_matching(filters, actor, timezone.now())
    values = {
        "filters": filters,
        "asked": filters.to_query(),
        "said": filter_labels(filters),
        "count": len(numbers_of(cases, listing.MOST_LISTED + 1)),
        "most_listed": listing.MOST_LISTED,
        "columns": listing.COLUMNS,
        "may_addresses": may_take_addresses(actor),
        "taken": lists_taken() if may(actor, "case.reassign", actor.hotline_id) else [],
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "once": new_form_key(),
    }
    return render(request, "casework/queue/take_list.html", values, status=problem.status if problem else 200)
