"""Change a country's readings on the desk without YAML: a form for one row, and a spreadsheet for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.foundation.errors import LeewardError
from leeward.laws import queries
from leeward.laws.desk_views.changing import propose
from leeward.laws.errors import NothingChanged, PreviewIsOld, ReadingChanged
from leeward.laws.files.yaml_text import write_yaml
from leeward.laws.pages.impact import ImpactPage, impact_page
from leeward.laws.pages.reading_form import ReadingForm, initial_of
from leeward.laws.rules.sheet import (
    MOST_CHARACTERS,
    BadSheet,
    digest_of,
    problems_of,
    rows_of,
    sheet_text,
    version_of,
    with_reading,
    write_sheet,
)
from leeward.laws.rules.sheet_taken import Taken, read_sheet
from leeward.people.access import staff
from leeward.web_security.keys import new_form_key


@dataclass(frozen=True, slots=True)
class Step:
    """The effects of a proposal, or why it can't be made; `text` is the resulting file."""

    text: str = ""
    impact: ImpactPage | None = None
    problem: LeewardError | None = None


def _today() -> date:
    return datetime.now(UTC).date()


def _file(code: str) -> Mapping[str, Any]:
    """Return the file as written, without what a part inherits from its state."""
    laws = queries.register()
    return laws.written[str(laws.file(code.upper())["code"])]


@require_http_methods(["GET", "HEAD", "POST"])
@staff("law.edit")
def reading(request: HttpRequest, code: str) -> HttpResponse:
    """Edit one reading: fill in the form, see what it changes, then propose it.

    The query parameter `row` names an existing reading; a submission is accepted only while that reading is unchanged
    since the form was opened.
    """
    file = _file(code)
    at = _row_number(request, file)
    form = ReadingForm(request.POST) if request.method == "POST" else ReadingForm(initial=_initial(file, at))
    act, was = request.POST.get("act", ""), "" if at is None else digest_of(file, at)
    is_other = request.method == "POST" and at is not None and (not was or request.POST.get("was") != was)
    step = Step(problem=ReadingChanged()) if is_other else Step()
    removes = at is not None and not is_other and act in ("remove", "propose_removal")
    if removes:
        form = ReadingForm(initial=_initial(file, at))
    if request.method == "POST" and not is_other and (removes or _is_valid(form, file)):
        step = _made(file, _changed(file, at, None if removes else form))
        if step.problem is None and act in ("propose", "propose_removal"):
            step = _proposed(request, file, step)
            if step.problem is None:
                return redirect("laws_desk:edit-law", code=code.lower())
    was = request.POST.get("was", "") if is_other else was  # so that submitting again is refused again
    values = {"file": file, "form": form, "at": at, "was": was, "step": step, "removes": removes}
    titles = [work["title"] for work in file.get("works", ())]
    answer = render(
        request,
        "laws/desk_reading.html",
        {**values, "titles": titles, "reason": request.POST.get("reason", ""), "once": new_form_key()},
    )
    answer.status_code = step.problem.status if step.problem else 400 if form.errors else 200
    return answer


def _row_number(request: HttpRequest, file: Mapping[str, Any]) -> int | None:
    text = request.GET.get("row", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise Http404
    if request.method != "POST" and int(text) >= len(file.get("readings", ())):
        raise Http404
    return int(text)


def _initial(file: Mapping[str, Any], at: int | None) -> dict[str, Any]:
    return {} if at is None else initial_of(rows_of(file)[at], file["readings"][at])


def _is_valid(form: ReadingForm, file: Mapping[str, Any]) -> bool:
    if not form.is_valid():
        return False
    for why in problems_of(form.row(file["code"]), file):
        form.add_error(None, str(why))
    return not form.errors


def _changed(file: Mapping[str, Any], at: int | None, form: ReadingForm | None) -> dict[str, Any]:
    if form is None:
        return with_reading(file, at, None, reports=False, on=_today())
    row, reports = form.row(file["code"]), bool(form.cleaned_data["reports"])
    return with_reading(file, at, row, reports=reports, on=_today())


def _made(file: Mapping[str, Any], content: Mapping[str, Any]) -> Step:
    """Return the file's new text with what it changes."""
    text = write_yaml(content)
    try:
        return Step(text, impact_page(file["code"], text, _today()))
    except LeewardError as problem:
        return Step(text, problem=problem)


def _proposed(request: HttpRequest, file: Mapping[str, Any], step: Step) -> Step:
    reason = request.POST.get("reason", "").strip() or _("One reading")
    return Step(step.text, step.impact, propose(request, file["code"], step.text, reason, shown=None))


@require_safe
@staff("law.edit")
def sheet_file(request: HttpRequest, code: str) -> HttpResponse:
    """Download a country's readings as a spreadsheet."""
    file = _file(code)
    answer = HttpResponse(write_sheet(file, get_language()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="law-{file["code"].lower()}.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@staff("law.edit")
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Upload a country's corrected spreadsheet: see what it changes, then propose it.

    It is proposed only as the preview showed it: `seen` names the version that the preview was of, and the choice.
    """
    file, removes = _file(code), request.POST.get("removes") == "yes"
    seen = f"{version_of(file)} {removes}"
    values: dict[str, Any] = {"file": file, "problems": [], "step": Step(), "taken": None, "sheet": ""}
    if request.method == "POST":
        try:
            text = _sheet_text(request)
            older = partial(queries.file_of_version, file["code"])
            taken = read_sheet(text, file, on=_today(), older=older, removes=removes)
        except BadSheet as bad:
            values["problems"] = [(line, str(why)) for line, why in bad.problems]
        else:
            step = _of_sheet(file, taken)
            if request.POST.get("act") == "propose" and step.problem is None:
                is_old = request.POST.get("seen") != seen
                step = Step(step.text, step.impact, PreviewIsOld()) if is_old else _proposed(request, file, step)
                if step.problem is None:
                    return redirect("laws_desk:edit-law", code=code.lower())
            values |= {"step": step, "taken": taken, "sheet": text, "removes": removes, "seen": seen}
    answer = render(
        request,
        "laws/desk_sheet.html",
        {**values, "reason": request.POST.get("reason", ""), "once": new_form_key()},
    )
    answer.status_code = 400 if values["problems"] else values["step"].problem.status if values["step"].problem else 200
    return answer


def _of_sheet(file: Mapping[str, Any], taken: Taken) -> Step:
    return Step(problem=NothingChanged()) if taken.is_same else _made(file, taken.content)


def _sheet_text(request: HttpRequest) -> str:
    given = request.FILES.get("file")
    if given is None:
        return request.POST.get("sheet", "")
    return sheet_text(given.read(4 * MOST_CHARACTERS + 1))
