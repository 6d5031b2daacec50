"""Self-assessments on the desk: the list, one with its pictures and plan, a question, closing."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import LeewardError, NotFound
from leeward.national import queries, services
from leeward.national.errors import AnswersThere, AnswerUnusable, QuestionsOpen, SelfAssessmentClosed
from leeward.national.forms import AnswerForm, BeginForm
from leeward.national.labels import SOURCES, measured_words
from leeward.national.pictures import pictures_of
from leeward.national.queries import Whole
from leeward.national.rules.standing import Measured, Standing, open_questions, plan_of
from leeward.people.access import actor_of, demand_as_shown, first_shown, staff
from leeward.people.errors import EnteredSince, FieldIsWrong, NotSecondPerson
from leeward.people.queries import country_names, hotline, second_person_obstacle
from leeward.people.rules.reading import mark_of
from leeward.people.services import second_person_words
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_http_methods(["GET", "HEAD", "POST"])
@staff("response.edit")
def list_all(request: HttpRequest) -> HttpResponse:
    """List the self-assessments, the newest year first; POST begins one."""
    actor = actor_of(request)
    own = actor.hotline_id or 0
    if request.method == "POST":
        form = BeginForm(request.POST, hotline_id=own)
    else:
        first = {"framework": "shipped", "country": hotline(own).country, "year": datetime.now(UTC).year}
        form = BeginForm(initial=first, hotline_id=own)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose="response:begin"):
                    number = services.begin(
                        values["framework"], values["country"], values["year"], hotline_id=own, actor=actor
                    )
                    return redirect("national:show-assessment", number=number)
            return redirect("national:list-assessments")
        except LeewardError as error:
            form.add_error(None, error.text)
    page = queries.assessments(number=request.GET.get("page"))
    names = country_names()
    rows = [{"row": row, "country": names.get(row.country, row.country)} for row in page.rows]
    values = {"page": page, "rows": rows, "form": form, "once": new_form_key()}
    return render(request, "national/list.html", values, status=422 if form.errors else 200)


@require_safe
@staff("response.edit")
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show a self-assessment: pictures with their tables, every question, the plan, earlier years."""
    whole, actor = whole_of(number), actor_of(request)
    obstacle = second_person_obstacle(actor, queries.people_behind(number), act="response.edit")
    years = queries.years_of(whole)
    values = {
        "whole": whole,
        "row": whole.row,
        "country": country_names().get(whole.row.country, whole.row.country),
        "areas": [
            {
                "area": area,
                "number": at,
                "before": years[-2].means.get(area.area.id) if len(years) > 1 else None,
                "questions": [shown(whole, each) for each in whole.standings if each.area.id == area.area.id],
            }
            for at, area in enumerate(whole.areas, 1)
        ],
        "plan": [shown(whole, each) for each in plan_of(whole.standings)],
        "today": datetime.now(UTC).date(),
        "open": open_questions(whole.standings),
        "has_answers": any(each.answer for each in whole.standings),
        "obstacle": second_person_words(obstacle, actor.hotline_id)[0] if obstacle else "",
        "years": years,
        "progress": [
            (area.area.title, [(year.row.year, year.means.get(area.area.id)) for year in years]) for area in whole.areas
        ],
        "before": years[-2].row if len(years) > 1 else None,
        "once": new_form_key(),
        **pictures_of(whole, years),
    }
    return render(request, "national/assessment.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("response.edit")
def answer(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Answer a question; what was said before and what was measured stand beside it."""
    whole = whole_of(number)
    standing = next((each for each in whole.standings if each.question.id == name), None)
    if standing is None:
        raise NotFound(what=_("question"))
    if request.method == "POST":
        form = AnswerForm(request.POST, whole=whole, standing=standing)
    else:
        form = AnswerForm(initial=AnswerForm.values_of(standing), whole=whole, standing=standing)
    if request.method == "POST" and form.is_valid():
        try:
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose=f"response:{number}:{name}"):
                    demand_as_shown(request, _mark_of(number, name))
                    services.answer(number, name, form.details, actor=actor_of(request))
            place = reverse("national:show-assessment", args=[number])
            return redirect(f"{place}#area-{standing.area.id}")
        except EnteredSince as error:  # its fields would be filled in as they were
            flash.error(request, f"{error.text} {error.hint}")
            return redirect(request.path)
        except AnswerUnusable as error:
            form.show(error.faults)
        except SelfAssessmentClosed as error:
            form.add_error(None, error.text)
    values = {
        "whole": whole,
        "row": whole.row,
        "country": country_names().get(whole.row.country, whole.row.country),
        "one": shown(whole, standing),
        "form": form,
        "history": [(one, _phase(whole, one.details.phase)) for one in queries.history(number, name)],
        "once": new_form_key(),
        "seen": first_shown(request, _mark_of(number, name)),
    }
    return render(request, "national/question.html", values, status=422 if form.errors else 200)


def _mark_of(number: int, name: str) -> str:
    """Return a mark of the newest answer to a question: an older page would put back the one before."""
    return mark_of(number, name, [one.at for one in queries.history(number, name)])


@require_POST
@staff("response.edit")
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close a self-assessment as the second person."""
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"response:close:{number}"):
                services.close(number, seen=request.POST.get("seen", ""), actor=actor_of(request))
                flash.success(request, _("Closed. It stays as it is now."))
    except (QuestionsOpen, SelfAssessmentClosed, NotSecondPerson, FieldIsWrong) as error:
        flash.error(request, error.text)
    return redirect("national:show-assessment", number=number)


@require_POST
@staff("response.edit")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a self-assessment in which nobody answered."""
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"response:remove:{number}"):
                services.remove(number, actor=actor_of(request))
    except (AnswersThere, SelfAssessmentClosed) as error:
        flash.error(request, error.text)
        return redirect("national:show-assessment", number=number)
    return redirect("national:list-assessments")


def whole_of(number: int) -> Whole:
    """Return a self-assessment. Raises NotFound."""
    whole = queries.assessment(number, datetime.now(UTC))
    if whole is None:
        raise NotFound(what=_("self-assessment"))
    return whole


def shown(whole: Whole, standing: Standing) -> dict[str, Any]:
    """Return a question in words: its phase, and what was measured, with where that comes from."""
    return {
        "standing": standing,
        "question": standing.question,
        "phase": _phase(whole, standing.phase),
        "answered": _phase(whole, standing.answered_phase) if standing.answered_phase is not None else "",
        "measured": _measured(whole, standing.question.measure, standing.measured),
    }


def _phase(whole: Whole, phase: int | None) -> str:
    if phase is None:
        return ""
    return f"{phase} {whole.framework.phases[phase - 1].name}" if phase else _("Not known")


def _measured(whole: Whole, name: str, measured: Measured | None) -> dict[str, Any] | None:
    if measured is None:
        return None
    source, link = SOURCES[name]
    return {
        "phase": _phase(whole, measured.phase),
        "words": measured_words(name, measured),
        "source": source,
        "link": link % {"country": whole.row.country, "year": whole.row.year},
        "on": measured.on,
    }
