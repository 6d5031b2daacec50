"""Training: starting a run through the patterns, answering one, and the result. Involves no case and no exposure."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from leeward.audit.services import hotline_transaction, record
from leeward.casework.quality.errors import NoOpenRun
from leeward.casework.quality.models import TrainingAnswer, TrainingRun
from leeward.casework.quality.rules.training import (
    SET,
    answer_pairs,
    has_passed,
    items_of_run,
    result_of,
)
from leeward.casework.steps import now_utc
from leeward.foundation.actor import Actor
from leeward.laws.rules.facts import parse_facts
from leeward.people.services import authorize, staff_id


def items_of(run: TrainingRun) -> tuple[int, ...]:
    """Return the patterns of a run, in order."""
    return items_of_run(run.pk, settings.LEEWARD.secret_bytes)


def open_run_of(person_id: int) -> TrainingRun | None:
    """Return the run that this person has begun and not finished, or None."""
    return TrainingRun.objects.filter(by_id=person_id, finished_at__isnull=True).first()


def start_run(*, actor: Actor) -> TrainingRun:
    """Begin a run, or return the one already begun."""
    hotline_id = actor.hotline_id or 0
    with hotline_transaction():
        authorize(actor, "case.assess", hotline_id)
        run = open_run_of(staff_id(actor))
        if run is None:
            run = TrainingRun.objects.create(
                hotline_id=hotline_id, by_id=staff_id(actor), set_name=SET, started_at=now_utc()
            )
            _note("training.started", run, actor, {"set": SET})
    return run


def answer_pattern(item: int, given: Mapping[str, Any], *, actor: Actor) -> TrainingRun:
    """State the facts of the next pattern of the actor's run; the last one ends it. An answered pattern stays as it
    was.

    Raises NoOpenRun, BadFacts.
    """
    facts = parse_facts(given).to_dict()
    with hotline_transaction():
        authorize(actor, "case.assess", actor.hotline_id or 0)
        run = open_run_of(staff_id(actor))
        if run is None:
            raise NoOpenRun
        done = {row.item: row.facts for row in run.answers.all()}
        if item in done:
            return run
        left = [number for number in items_of(run) if number not in done]
        if not left or item != left[0]:
            raise NoOpenRun
        TrainingAnswer.objects.create(hotline_id=run.hotline_id, run=run, item=item, facts=facts, at=now_utc())
        same = sum(stated == agreed for stated, agreed in answer_pairs(item, facts))
        _note("training.answered", run, actor, {"item": item, "same": same})
        if len(left) == 1:
            _finish(run, done | {item: facts}, actor)
    return run


def _finish(run: TrainingRun, answers: Mapping[int, Mapping[str, Any]], actor: Actor) -> None:
    whole, _each = result_of(answers)
    run.finished_at, run.kappa, run.passed = now_utc(), whole.value, has_passed(whole)
    run.save()
    percent = None if whole.value is None else round(whole.value * 100)
    _note("training.finished", run, actor, {"kappa_percent": percent, "passed": run.passed})


def _note(event: str, run: TrainingRun, actor: Actor, facts: Mapping[str, object]) -> None:
    record(event, actor=actor, hotline_id=run.hotline_id, subject=f"training:{run.pk}", facts=facts)
