"""Assessing many cases with one statement of facts: choose, preview what will happen to each, then watch the run."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from leeward.casework.assessment.forms import FactsForm, OutcomeForm, ending_choices, read_assessment
from leeward.casework.assessment.rules.second_assessment import UNSURE, AssessmentResult, is_grave
from leeward.casework.assessment.services.assessing import refuse_wrong_reason
from leeward.casework.bulk.queries import assessing
from leeward.casework.bulk.rules import MOST
from leeward.casework.bulk.services import AT_ONCE, assess_in_bulk, go_on
from leeward.casework.errors import WrongReason
from leeward.casework.queue.labels import FORESEEN, REFUSALS
from leeward.casework.views.doing import demand_each_as_shown, is_part, once
from leeward.foundation.errors import LeewardError
from leeward.laws.rules.facts import BadFacts, parse_facts
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key


@require_http_methods(["GET", "POST"])
@staff("case.assess")
def choose(request: HttpRequest) -> HttpResponse:
    """GET: the waiting cases of a site or a report, and the questions. POST: a preview for each case; with `go`, the
    run starts.
    """
    if request.method != "POST" or request.POST.get("back") == "yes":
        return _begin(request)
    chosen = _numbers(request.POST.getlist("case"))
    form, given = read_assessment(request.POST)
    if given is None or not chosen:
        return _page(request, _chosen_cases(request.POST), form=form, status=400)
    try:
        assessment = AssessmentResult(given["outcome"], parse_facts(form.stated()))
        refuse_wrong_reason(assessment, given["reason"], given["comment"])
    except (BadFacts, WrongReason) as error:
        return _page(request, _chosen_cases(request.POST), form=form, problem=error, status=error.status)
    if request.POST.get("go") != "yes":
        return _forecast(request, chosen, assessment)
    started: list[int] = []

    def act() -> None:
        demand_each_as_shown(request, assessing.candidates(chosen, actor_of(request)))
        started.append(assess_in_bulk(chosen, form.stated(), **given, actor=actor_of(request)))

    if not once(
        request, "assess together", act
    ):  # submitted again because no answer came: redirect to the run it started
        begun = assessing.run_like(chosen, actor_of(request))
        return redirect("casework:show-run", number=begun.pk) if begun else redirect("casework:assess-in-bulk")
    go_on(started[0], for_at_most=AT_ONCE)
    return redirect("casework:show-run", number=started[0])


@require_GET
@staff("case.assess")
def run(request: HttpRequest, number: int) -> HttpResponse:
    """Show the progress of a run: how many are done, and the result of each case."""
    actor = actor_of(request)
    progress = assessing.progress_of(number, actor, sees_all=bool(may(actor, "case.reassign", actor.hotline_id)))
    values = {"progress": progress, "foreseen": FORESEEN, "refusals": REFUSALS}
    return render(request, f"casework/bulk/{'includes/run' if is_part(request) else 'run'}.html", values)


def _begin(request: HttpRequest) -> HttpResponse:
    """Show the cases and the questions; somebody returning from the preview finds the facts as they marked them."""
    if request.method != "POST":
        return _page(request, _chosen_cases(request.GET))
    return _page(request, _chosen_cases(request.POST), form=FactsForm(request.POST))


def _chosen_cases(given: QueryDict) -> list[int]:
    """Return the cases offered before or marked in the queue, or those of a host or a report."""
    if offered := _numbers(given.getlist("offered")) or _numbers(given.getlist("case")):
        return offered
    host, report = given.get("host", "").strip(), given.get("report", "").strip()
    if host:
        return assessing.cases_on_host(host)
    return assessing.cases_of_report(int(report)) if report.isdecimal() and len(report) < 18 else []


def _numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) < 18][:MOST]


def _page(
    request: HttpRequest,
    case_ids: list[int],
    *,
    form: FactsForm | None = None,
    problem: LeewardError | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, posted = actor_of(request), request.POST.getlist("case")
    found = assessing.candidates(case_ids, actor)
    values: dict[str, Any] = {
        "candidates": found,
        "free": sum(not one.refusal for one in found),
        "chosen": set(_numbers(posted)) if posted else {one.row.id for one in found if not one.refusal},
        "form": form or FactsForm(facts={}, elsewhere=""),
        "none_chosen": not posted
        and "back" not in request.POST
        and (request.method == "POST" or (request.GET.get("from") == "queue" and not found)),
        "problem": problem,
        "endings": ending_choices(),
        "ending": request.POST.get("ending", ""),
        "end_refused": problem if isinstance(problem, WrongReason) else None,
        "refusals": REFUSALS,
        "most": MOST,
        "host": request.GET.get("host", ""),
        "report": request.GET.get("report", ""),
        "runs": [] if case_ids else assessing.runs_of(actor),
        "once": new_form_key(),
    }
    return render(request, "casework/bulk/bulk.html", values, status=status)


def _forecast(request: HttpRequest, chosen: list[int], assessment: AssessmentResult) -> HttpResponse:
    found = assessing.candidates(chosen, actor_of(request), assessment)
    kept: Mapping[str, Any] = {
        name: request.POST.getlist(name) for name in (*FactsForm().fields, *OutcomeForm().fields)
    }
    values = {
        "candidates": found,
        "ready": sum(not one.refusal for one in found),
        "refused": sum(bool(one.refusal) for one in found),
        "is_grave": is_grave(assessment),
        "is_sampled": assessment.outcome not in (UNSURE, "not_found") and not is_grave(assessment) and len(chosen) > 1,
        "assessment": assessment,
        "facts": assessment.facts.to_dict(),
        "kept": [(name, value) for name, given in kept.items() for value in given],
        "offered": request.POST.getlist("offered"),
        "foreseen": FORESEEN,
        "refusals": REFUSALS,
        "once": new_form_key(),
    }
    return render(request, "casework/bulk/forecast.html", values)
