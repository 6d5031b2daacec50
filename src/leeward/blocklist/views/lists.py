"""The pages of the lists and their entries."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist import labels, queries, services
from leeward.blocklist.models import STATES, Entry
from leeward.blocklist.queries import entries, target_of
from leeward.blocklist.queries.lists import ListRow
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.views.doing import once
from leeward.blocklist.views.queues import waiting
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.queries import time_zone_of
from leeward.people.rules.permissions import may
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.paging import page_of

COLUMNS = ("id", "scope", "target", "state", "case", "source", "basis", "approved", "review", "last_look")


@require_GET
@staff("entry.read")
def lists(request: HttpRequest) -> HttpResponse:
    """Show every list with its entry counts, and the dated names that limit them all."""
    found = queries.block_lists()
    counted = entries.counts_shown((row.hotline_id, row.id) for row in found)
    rows = [(row, counted[row.id]) for row in found]
    today = datetime.now(UTC).date()
    values = {
        "rows": rows,
        "names": queries.name_lists(),
        "platforms_stale": queries.platforms().is_stale(today),
        "waiting": waiting(today, actor_of(request)),
        "view": "lists",
    }
    return render(request, "blocklist/lists.html", values)


@require_GET
@staff("entry.read")
def one_list(request: HttpRequest, name: str) -> HttpResponse:
    """Show the entries of a list: search, filters, pages."""
    row = queries.block_list(name)
    filters = _filters_of(request)
    page = page_of(queries.entries_listed(row.id, **filters), request.GET.get("page"))
    values = {
        "list": row,
        "page": page,
        "asked": filters,
        "states": labels.STATES.items(),
        "scopes": labels.SCOPES.items(),
        "imports": entries.imports_of(row.id),
        "time_zone": time_zone_of(row.hotline_id),
        "seen": _mark_of(row),
        "once": new_form_key(),
        "edits": bool(may(actor_of(request), "list.edit", row.hotline_id)) and row.kind != "partner",
    }
    return render(request, "blocklist/list.html", values)


@require_POST
@staff("list.edit")
def agreement(request: HttpRequest, name: str) -> HttpResponse:
    """Record what the operators of a list agreed to block where no law applies; an empty text withdraws it."""
    row = queries.block_list(name)
    once(
        request,
        f"agreement {row.id}",
        lambda: _record_agreement(request, name),
    )
    flash.success(request, _("Saved."))
    return redirect("blocklist:show-list", name)


def _record_agreement(request: HttpRequest, name: str) -> None:
    demand_as_shown(request, _mark_of(queries.block_list(name)))
    services.record_agreement(name, request.POST.get("agreement", ""), actor=actor_of(request))


def _mark_of(row: ListRow) -> str:
    """Return a mark of the agreement that a page showed: an older page would bring back one that was withdrawn."""
    return mark_of(row.id, row.agreement)


def _filters_of(request: HttpRequest) -> dict[str, str]:
    given = request.GET if request.method == "GET" else request.POST
    state, kind = given.get("state", ""), given.get("scope", "")
    return {
        "state": state if state in STATES else "",
        "scope": kind if kind in set(Scope) else "",
        "find": given.get("find", "").replace("\x00", "")[:2000],
    }


@require_POST
@staff("entry.export")
def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """Export the entries as CSV, filtered as on the page; the export is logged."""
    row = queries.block_list(name)
    actor = actor_of(request)
    with hotline_transaction():
        subject = f"list:{row.id}"
        facts = {"filtered": any(_filters_of(request).values())}
        record("list.exported", actor=actor, hotline_id=row.hotline_id, subject=subject, facts=facts)
    response = StreamingHttpResponse(_csv_lines(row, _filters_of(request)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _csv_lines(row: ListRow, filters: dict[str, str]) -> Iterator[str]:
    """Yield the file line by line; the scope is opened here because it is read after the view has returned."""
    yield _line(COLUMNS)
    with scope(hotline=row.hotline_id):
        for entry in queries.entries_listed(row.id, **filters).iterator(2_000):
            yield _line(_cells(entry))


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        str(entry.pk),
        entry.scope,
        target_of(entry),
        entry.state,
        entry.case_reference,
        entry.source,
        entry.basis,
        entry.approved_at.isoformat() if entry.approved_at else "",
        entry.review_on.isoformat(),
        entry.check_outcome,
    )


def _line(cells: tuple[str, ...]) -> str:
    """Return a line in which no cell can be taken for a formula."""
    out = io.StringIO()
    csv.writer(out).writerow(f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in cells)
    return out.getvalue()
