"""The training area: patterns with the same form as a case, feedback after each, and a result at the end."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leeward.casework.assessment.forms import FactsOnlyForm
from leeward.casework.assessment.labels import FACT_NAMES, act_words, answer_words
from leeward.casework.quality import labels, queries
from leeward.casework.quality.errors import NoOpenRun
from leeward.casework.quality.models import TrainingRun
from leeward.casework.quality.rules import training as training_rules
from leeward.casework.quality.rules.pattern import pattern_of
from leeward.casework.quality.services import training
from leeward.foundation.errors import LeewardError, NotFound
from leeward.laws.rules.facts import BadFacts
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may


@require_GET
@staff("case.assess")
def overview(request: HttpRequest) -> HttpResponse:
    """Show what the training is, the person's own results, and for supervisors who has passed."""
    actor = actor_of(request)
    sees_all = bool(may(actor, "quality.read", actor.hotline_id))
    run = training.open_run_of(actor.id or 0)
    values = {
        "run": run,
        "done": run.answers.count() if run else 0,
        "number": training_rules.ITEMS_IN_RUN,
        "passes_from": training_rules.PASSES_FROM,
        "runs": queries.runs_of(actor.id or 0),
        "sees_all": sees_all,
        "people": queries.trained_of(actor.hotline_id or 0) if sees_all else [],
    }
    return render(request, "quality/training.html", values)


@require_POST
@staff("case.assess")
def start(request: HttpRequest) -> HttpResponse:
    """Begin a run, or continue one."""
    training.start_run(actor=actor_of(request))
    return redirect("quality:answer-pattern")


@require_http_methods(["GET", "POST"])
@staff("case.assess")
def pattern(request: HttpRequest) -> HttpResponse:
    """Show the next pattern of the run, and take its answer."""
    actor = actor_of(request)
    run = training.open_run_of(actor.id or 0)
    if request.method == "POST":
        return _answer(request, run)
    if run is None:
        return redirect("quality:show-training")
    return _page(request, run, FactsOnlyForm(facts={}))


def _answer(request: HttpRequest, run: TrainingRun | None) -> HttpResponse:
    form, number = FactsOnlyForm(request.POST), request.POST.get("item", "")
    if run is None or not number.isdecimal() or len(number) > 4:
        raise NoOpenRun
    if not form.is_valid():
        return _page(request, run, form, status=400)
    try:
        training.answer_pattern(int(number), form.stated(), actor=actor_of(request))
    except BadFacts as error:
        return _page(request, run, form, problem=error, status=error.status)
    return redirect("quality:show-answer", run_id=run.pk, item=int(number))


def _page(
    request: HttpRequest,
    run: TrainingRun,
    form: FactsOnlyForm,
    *,
    problem: LeewardError | None = None,
    status: int = 200,
) -> HttpResponse:
    done = set(run.answers.values_list("item", flat=True))
    item = next(number for number in training.items_of(run) if number not in done)
    values = {
        "form": form,
        "problem": problem,
        "item": item,
        "pattern": pattern_of(item),
        "said": _pattern_in_words(item),
        "key": _key(),
        "at": len(done) + 1,
        "number": training_rules.ITEMS_IN_RUN,
    }
    return render(request, "quality/pattern.html", values, status=status)


def _pattern_in_words(item: int) -> list[tuple[object, object]]:
    """Return the pattern in words, for those who can't see it."""
    return [(labels.SIGNS[name], _sign(name, sign)) for name, sign in training_rules.signs_of(item).items()]


def _sign(name: str, sign: str) -> object:
    return sign if name == "age_band" and sign else labels.SIGN_VALUES[sign]


def _key() -> list[tuple[object, object, list[tuple[object, str]]]]:
    """Return the key: where to look for each fact, and what each sign means."""
    return [
        (
            FACT_NAMES["level" if name == "act" else name],
            labels.SIGNS[name],
            [(_sign(name, sign), _answer_words(name, answer)) for answer, sign in answers.items()],
        )
        for name, answers in training_rules.KEY.items()
    ]


def _answer_words(name: str, answer: str) -> str:
    return act_words(answer) if name == "act" else answer_words(name, answer)


def _own_run(request: HttpRequest, run_id: int) -> TrainingRun:
    run = TrainingRun.objects.filter(pk=run_id, by_id=actor_of(request).id).first()
    if run is None:
        raise NotFound(what=_("training"))
    return run


@require_GET
@staff("case.assess")
def feedback(request: HttpRequest, run_id: int, item: int) -> HttpResponse:
    """Show the stated and the agreed facts of a pattern, and the sign for each. Only for the person who stated them."""
    run = _own_run(request, run_id)
    answer = queries.answer_of(run.pk, item)
    if answer is None:
        raise NotFound(what=_("answer"))
    signs = training_rules.signs_of(item)
    rows = [
        (
            FACT_NAMES["level" if name == "act" else name],
            _answer_words(name, str(stated)),
            _answer_words(name, str(agreed)),
            labels.SIGNS[name],
            _sign(name, signs[name]),
            stated == agreed,
        )
        for name, (stated, agreed) in zip(
            training_rules.FACTS_TRAINED, training_rules.answer_pairs(item, answer.facts), strict=True
        )
    ]
    values = {
        "run": run,
        "rows": rows,
        "same": sum(row[-1] for row in rows),
        "pattern": pattern_of(item),
        "said": _pattern_in_words(item),
    }
    return render(request, "quality/answer.html", values)


@require_GET
@staff("case.assess")
def result(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show the result of a finished run to the person who took it."""
    run = _own_run(request, run_id)
    if run.finished_at is None:
        return redirect("quality:answer-pattern")
    whole, each = training_rules.result_of({row.item: row.facts for row in run.answers.order_by("id")})
    names = [(FACT_NAMES["level" if name == "act" else name], kappa) for name, kappa in each.items()]
    return render(
        request,
        "quality/training_result.html",
        {"run": run, "whole": whole, "each": names, "passes_from": training_rules.PASSES_FROM},
    )
