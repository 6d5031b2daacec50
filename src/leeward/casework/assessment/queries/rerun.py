"""Decisions that the law, as recorded now, would judge differently: a walk over every assessment in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.db.models import Max, Min, Q

from leeward.casework.assessment.rules.rerun import JUDGED, changed_verdicts, has_decided, verdicts_of
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.casework.models import Assessment, Case
from leeward.laws.queries import register, verdicts_for
from leeward.laws.rules.facts import parse_facts

CHUNK = 2000
_FIELDS = ("pk", "case_id", "cycle", "round", "outcome", "facts", "opinions", "at", "law_version")


@dataclass(frozen=True, slots=True)
class ChangedOpinion:
    """A decision on which a country's law would say something else now; `id` is the case's reference."""

    id: str
    country: str
    then: str
    now: str
    decided_at: datetime
    law_version_then: str
    law_version_now: str


@dataclass(frozen=True, slots=True)
class ChangedAssessment:
    """An assessment that ended its cycle, on which a country's law would say something else now."""

    assessment_id: int
    case_id: int
    round: str
    country: str
    then: str
    now: str
    at: datetime
    law_version_then: str
    law_version_now: str


def changed_opinions(
    since: datetime, *, progress: Callable[[float, float], None] | None = None
) -> Iterator[ChangedOpinion]:
    """Yield what `changed_assessments` finds, with the references of the cases; reads a few thousand rows at a time."""
    for found in batched(changed_assessments(since, progress=progress), CHUNK):
        names = dict(Case.objects.filter(pk__in={row.case_id for row in found}).values_list("pk", "reference"))
        for row in found:
            yield ChangedOpinion(
                names[row.case_id],
                row.country,
                row.then,
                row.now,
                row.at,
                row.law_version_then,
                row.law_version_now,
            )


def changed_assessments(
    since: datetime, *, progress: Callable[[float, float], None] | None = None
) -> Iterator[ChangedAssessment]:
    """Yield the decisions made since a moment on which the law, as recorded now, would say something else, oldest
    first.

    The stored facts are evaluated again under the same countries' law as of the day of the decision, according to
    today's records: a register that was corrected or completed shows up here, an Act that came into force later does
    not.
    """
    laws = register()
    for rows in judged_chunks(since, progress):
        firsts = first_assessments(rows)
        for row in rows:
            assessment, first = (
                AssessmentResult(row.outcome, parse_facts(row.facts)),
                firsts.get((row.case_id, row.cycle)),
            )
            if not has_decided(row.round, assessment, first if row.round == "second" else None):
                continue
            then = verdicts_of(row.opinions)
            now = verdicts_for(assessment.facts, then, row.at.date(), laws)
            for country, before, after in changed_verdicts(then, now):
                yield ChangedAssessment(
                    row.pk, row.case_id, row.round, country, before, after, row.at, row.law_version, laws.version
                )


def judged_chunks(since: datetime, progress: Callable[[float, float], None] | None) -> Iterator[list[Any]]:
    """Yield the assessments since a moment that judged content, by the index on their times, a few thousand at a time."""
    assessments = Assessment.objects.filter(at__gte=since).exclude(round="sample").order_by("at", "pk")
    times = assessments.aggregate(first=Min("at"), last=Max("at"))
    judged = assessments.filter(outcome__in=JUDGED).values_list(*_FIELDS, named=True)
    rows = list(judged[:CHUNK])
    while rows:
        yield rows
        at, pk = rows[-1].at, rows[-1].pk
        if progress:
            progress((at - times["first"]).total_seconds(), (times["last"] - times["first"]).total_seconds())
        rows = list(judged.filter(Q(at__gt=at) | Q(pk__gt=pk), at__gte=at)[:CHUNK])


def first_assessments(rows: Sequence[Any]) -> dict[tuple[int, int], AssessmentResult]:
    """Return the first assessment of the same cycle for each second assessment among these rows."""
    cases = {row.case_id for row in rows if row.round == "second"}
    if not cases:
        return {}
    found = Assessment.objects.filter(case_id__in=cases, round="first").order_by("-pk")
    return {
        (case_id, cycle): AssessmentResult(outcome, parse_facts(facts))
        for case_id, cycle, outcome, facts in found.values_list("case_id", "cycle", "outcome", "facts")
    }
