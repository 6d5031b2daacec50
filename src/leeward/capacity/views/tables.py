"""Who took part, as a table: taken in after a preview, and downloaded."""

import csv
import io

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.capacity import queries, services
from leeward.capacity.errors import ExportTooLarge
from leeward.capacity.forms import TableForm
from leeward.capacity.rules.participation import COLUMNS, Participation
from leeward.capacity.rules.sheets import FORMS, MOST_BYTES, NotATable, Row, cells_of, decoded, rows
from leeward.capacity.views.courses import course_of, own_country
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

SHOWN = 100
MOST_EXPORTED = 50_000


@require_http_methods(["GET", "HEAD", "POST"])
@staff("training.edit")
def take_in(request: HttpRequest, number: int) -> HttpResponse:
    """Choose a table, preview what is new, import it; with one fault nothing is imported."""
    row, known = course_of(number), queries.sessions(number)
    if request.method != "POST":
        form = TableForm(initial={"role": row.role, "country": own_country(request)}, sessions=known)
        return _page(request, row, form, "")
    form = TableForm(request.POST, sessions=known)
    if not form.is_valid():
        return _page(request, row, form, "", problem=_("The form is not filled in."))
    try:
        text = _sent(request)
        found, faults = _read(text, form)
    except NotATable as error:
        problem = _("This is not a table of people trained: %(why)s.") % {"why": error.why}
        return _page(request, row, form, "", problem=problem)
    if faults or not found:
        problem = ngettext(
            "%(count)s row can’t be imported. Nothing was changed.",
            "%(count)s rows can’t be imported. Nothing was changed.",
            len(faults),
        ) % {"count": len(faults)}
        shown = [{"line": one.number, "problems": "; ".join(map(str, one.faults))} for one in faults[:SHOWN]]
        nobody = _("The table names nobody who took part.")
        return _page(request, row, form, text, problem=problem if faults else nobody, faults=shown)
    if request.POST.get("act") == "take":
        return _take(request, number, found, form.cleaned_data["session"])
    would = services.preview(number, found)
    return _page(request, row, form, text, ready=True, would=would, people=found[:SHOWN])


def _read(text: str, form: TableForm) -> tuple[list[Participation], list[Row]]:
    """Return who took part by a table, and the rows in which something is wrong. Raises NotATable."""
    values = form.cleaned_data
    usual = queries.usual_for(values["role"], values["country"])
    kind = next(one for one in FORMS if one == values["form"])
    read = list(rows(io.StringIO(text, newline=""), kind, usual))
    return [one.participation for one in read if one.participation], [one for one in read if one.faults]


def _take(request: HttpRequest, number: int, found: list[Participation], session_id: int | None) -> HttpResponse:
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose=f"training:import:{number}"):
            done = services.take(number, found, session_id=session_id, actor=actor_of(request))
            flash.success(
                request,
                ngettext("%(count)s person added.", "%(count)s people added.", done.new) % {"count": done.new},
            )
    return redirect("capacity:show-course", number=number)


@require_POST
@staff("training.edit")
def export(request: HttpRequest, number: int) -> HttpResponse:
    """Download who took part in a course as CSV; the log records it."""
    row = course_of(number)
    if queries.count_of(number, MOST_EXPORTED + 1) > MOST_EXPORTED:
        raise ExportTooLarge(most=MOST_EXPORTED)
    found = list(queries.everybody(number))
    services.note_export(number, len(found), actor=actor_of(request))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(map(cells_of, found))
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.code}.csv"'
    return answer


def _sent(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is not None and not isinstance(file, list):
        return decoded(file.read(MOST_BYTES + 1))
    if not request.POST.get("text") and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return decoded(b" " * (MOST_BYTES + 1))  # a file that is too large for memory is dropped unread
    return decoded(request.POST.get("text", "").encode())


def _page(
    request: HttpRequest, row: queries.CourseRow, form: TableForm, text: str, *, problem: str = "", **more: object
) -> HttpResponse:
    values = {"row": row, "form": form, "text": text, "problem": problem, "once": new_form_key()}
    values |= {"columns": ", ".join(COLUMNS), **more}
    return render(request, "capacity/import.html", values, status=422 if problem else 200)
