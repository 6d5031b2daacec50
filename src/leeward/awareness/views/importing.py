"""The catalogue as a table: taken in after a preview, downloaded, and what is shipped taken over."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.awareness import queries, services
from leeward.awareness.rules.entries import EntryDetails, read_entry
from leeward.awareness.rules.sheet import (
    COLUMNS,
    MOST_BYTES,
    TOO_LARGE,
    Line,
    NotACatalogue,
    decoded,
    doubles,
    read_sheet,
    write_sheet,
)
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@staff("material.edit")
def take_in(request: HttpRequest) -> HttpResponse:
    """Choose a table, preview what is new, import it; with one fault nothing is imported."""
    if request.method != "POST":
        return _page(request, "")
    try:
        text = _sent(request)
        table = read_sheet(text)
    except NotACatalogue as error:
        return _page(request, "", problem=_("This is not a table of learning material: %(why)s.") % {"why": error.why})
    details, faults = _read(table)
    if faults:
        problem = ngettext(
            "%(count)s row can’t be imported. Nothing was changed.",
            "%(count)s rows can’t be imported. Nothing was changed.",
            len(faults),
        ) % {"count": len(faults)}
        return _page(request, text, problem=problem, faults=faults[:SHOWN])
    if not details:
        return _page(request, text, problem=_("The table has no rows."))
    if request.POST.get("act") != "take":
        known = queries.known_keys()
        new = [one for one in details if one.key not in known]
        return _page(request, text, ready=True, rows=new[:SHOWN], new=len(new), same=len(details) - len(new))
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose="learning:import"):
            _add(request, details)
    return redirect("awareness_desk:list-entries")


@require_POST
@staff("material.edit")
def take_shipped(request: HttpRequest) -> HttpResponse:
    """Add every shipped entry that the catalogue doesn't have, unreviewed."""
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose="learning:shipped"):
            _add(request, [row.details for row in queries.all_shipped()])
    return redirect("awareness_desk:list-entries")


@require_POST
@staff("material.edit")
def export(request: HttpRequest) -> HttpResponse:
    """Download the catalogue as CSV; the log records it."""
    actor, rows = actor_of(request), list(queries.all_details())
    services.note_export(len(rows), hotline_id=actor.hotline_id or 0, actor=actor)
    answer = HttpResponse(write_sheet(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="learning-material.csv"'
    return answer


def _add(request: HttpRequest, details: list[EntryDetails]) -> None:
    actor = actor_of(request)
    added = services.import_entries(details, hotline_id=actor.hotline_id or 0, actor=actor)
    flash.success(
        request,
        ngettext(
            "%(count)s entry added. Nobody sees it before somebody has reviewed it.",
            "%(count)s entries added. Nobody sees them before somebody has reviewed them.",
            added,
        )
        % {"count": added},
    )


def _sent(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is not None and not isinstance(file, list):
        return decoded(file.read(MOST_BYTES + 1))
    if not request.POST.get("text") and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise NotACatalogue(TOO_LARGE)  # a file that is too large for memory is dropped unread
    return decoded(request.POST.get("text", "").encode())


def _read(table: list[Line]) -> tuple[list[EntryDetails], list[dict[str, object]]]:
    """Return the entries of a table, and its faults by line."""
    found: list[tuple[int, EntryDetails]] = []
    faults: list[dict[str, object]] = []
    for row in table:
        details, wrong = read_entry(row.cells, queries.languages())
        problems = [str(one) for one in wrong]
        if row.has_formula:
            problems.append(_("a cell begins like a formula"))
        if problems or details is None:
            faults.append({"line": row.number, "problems": "; ".join(problems)})
        else:
            found.append((row.number, details))
    for place in doubles([details.key for _line, details in found]):
        faults.append({"line": found[place][0], "problems": _("this title and address stand above already")})
    return [details for _line, details in found], faults


def _page(request: HttpRequest, text: str, *, problem: str = "", **more: object) -> HttpResponse:
    values = {"text": text, "problem": problem, "once": new_form_key(), "columns": ", ".join(COLUMNS), **more}
    return render(request, "awareness/desk_import.html", values, status=422 if problem else 200)
