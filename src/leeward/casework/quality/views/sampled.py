"""A drawn case: everything needed to assess it, and nothing of what was found before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leeward.casework import queries as casework_queries
from leeward.casework.assessment.forms import FactsForm, ending_choices, read_assessment
from leeward.casework.assessment.queries.drafts import SAMPLE
from leeward.casework.assessment.services.seeing import files_shown
from leeward.casework.errors import FactsMissing, WrongReason
from leeward.casework.models import SampledAssessment
from leeward.casework.quality.errors import SampleNotHeld
from leeward.casework.quality.services import drafting, sampling
from leeward.casework.views.doing import kept_answer, once, was_done
from leeward.foundation.errors import LeewardError, TextTooLong
from leeward.hosting import queries as hosting_queries
from leeward.laws.rules.facts import BadFacts
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key


@require_POST
@staff("case.assess")
def take(request: HttpRequest) -> HttpResponse:
    """Take the longest-waiting drawn case."""
    sampling.take_sample(actor=actor_of(request))
    return redirect("quality:show-sample")


@require_GET
@staff("case.assess")
def show(request: HttpRequest) -> HttpResponse:
    """Show the drawn case that this person holds; without one, redirect to where one is taken."""
    sample = sampling.sample_held_by(actor_of(request).id or 0)
    if sample is None:
        return redirect("quality:show-quality")
    return _page(request, sample)


@require_POST
@staff("case.assess")
def give_back(request: HttpRequest) -> HttpResponse:
    """Give it back for somebody else."""
    actor = actor_of(request)
    sample = sampling.sample_held_by(actor.id or 0)
    if sample is not None:
        sampling.give_back_sample(sample.pk, actor=actor)
    return redirect("quality:show-quality")


@require_POST
@staff("case.assess")
def draft(request: HttpRequest) -> HttpResponse:
    """Keep the assessment so far, for its author."""
    sample = sampling.sample_of(request.POST.get("sample", ""))
    form, comment = FactsForm(request.POST), request.POST.get("comment", "")
    try:
        given, elsewhere = (form.stated(), form.cleaned_data["elsewhere"]) if form.is_valid() else ({}, "")
        kept_at = drafting.keep_sample_draft(
            sample.pk, given, comment=comment, elsewhere=elsewhere, actor=actor_of(request)
        )
    except (BadFacts, TextTooLong) as problem:
        return kept_answer(request, problem=problem) or _page(
            request, sample, form, problem=problem, status=problem.status
        )
    return kept_answer(request, kept_at=kept_at) or redirect("quality:show-sample")


@require_POST
@staff("case.assess")
def state(request: HttpRequest) -> HttpResponse:
    """Submit the assessment."""
    actor = actor_of(request)
    sample = sampling.sample_of(request.POST.get("sample", ""))
    is_held = sample.state == "taken" and sample.taken_by_id == actor.id
    form, given = read_assessment(request.POST)
    if given is None:
        if not is_held:
            raise SampleNotHeld
        return _page(request, sample, form, status=400)
    try:
        once(
            request,
            f"sample {sample.pk}",
            lambda: sampling.state_sample(sample.pk, form.stated(), **given, actor=actor),
        )
    except (BadFacts, WrongReason, FactsMissing) as error:
        if not is_held:
            raise SampleNotHeld from error
        return _page(request, sample, form, problem=error, status=error.status)
    if is_held and not was_done(
        request, f"sample {sample.pk}"
    ):  # by a key that no page of ours had: it can be sent again
        return _page(request, sample, form, status=409)
    if sampling.is_disputed(sample.pk, actor):
        messages.success(
            request, _("Saved. The two assessments have different outcomes, so the case goes to adjudication.")
        )
    else:
        messages.success(request, _("Saved. The case went on in the meantime; nothing else follows from it."))
    return redirect("quality:show-quality")


def _page(
    request: HttpRequest,
    sample: SampledAssessment,
    form: FactsForm | None = None,
    *,
    problem: LeewardError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page; without a submitted form it starts with this person's draft."""
    case = sample.case
    begun = drafting.draft_of(case.pk, SAMPLE, actor_of(request)) if form is None else None
    values = {
        "sample": sample,
        "case": case,
        "form": form or FactsForm(facts=begun.facts if begun else {}, elsewhere=begun.seen if begun else ""),
        "begun": begun,
        "comment": request.POST.get("comment", begun.text if begun else ""),
        "problem": problem,
        "reports": casework_queries.reports_of(case.pk),
        "where": hosting_queries.whereabouts(case.location_id),
        "fetched": hosting_queries.latest_fetch(case.location_id),
        "endings": ending_choices(),
        "ending": request.POST.get("ending", ""),
        "end_refused": problem if isinstance(problem, WrongReason) else None,
        "files_shown": files_shown(case, actor_of(request)),
        "once": new_form_key(),
        "now": timezone.now(),
        "time_zone": case.portal.time_zone,
    }
    return render(request, "quality/sample.html", values, status=status)
