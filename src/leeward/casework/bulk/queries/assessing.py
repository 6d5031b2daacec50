"""What the pages of bulk assessment show: the possible cases, what will happen to each, and the progress of a run."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.casework.acting.rules.plan import CONTENT
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.casework.bulk.models import BulkItem, BulkRun
from leeward.casework.bulk.rules import MOST, Forecast, can_join, forecast
from leeward.casework.bulk.services import standing_in
from leeward.casework.errors import CaseIsBlind
from leeward.casework.exposure.services.budget import standing_of
from leeward.casework.models import Case, CaseItem, SampledAssessment
from leeward.casework.queries import CaseRow, rows_of
from leeward.casework.queue.labels import REFUSALS
from leeward.casework.rules.transitions import BEFORE_FIRST_ASSESSMENT
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.hosting import queries as hosting_queries
from leeward.intake import queries as intake_queries
from leeward.people.rules.reading import mark_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that could be assessed with others; `refusal` is the code of why not, `ahead` what an assessment would
    lead to, `mark` stands for the
    work on it so far.
    """

    row: CaseRow
    refusal: str
    ahead: Forecast | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one case of a run."""

    row: CaseRow
    state: str
    led_to: str
    refusal: str


@dataclass(frozen=True, slots=True)
class SecondAssessmentCounts:
    """Progress of the second assessments that a run has led to: still to come, done, and in adjudication because the
    two differ.
    """

    waiting: int
    done: int
    apart: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A run: its progress, the result of each case, and the progress of its second assessments."""

    run: BulkRun
    results: Sequence[Result]
    second: SecondAssessmentCounts | None

    def count(self, state: str) -> int:
        """Return how many cases are in this state."""
        return sum(result.state == state for result in self.results)

    @property
    def done(self) -> int:
        """Return how many were assessed."""
        return self.count("done")

    @property
    def refused(self) -> int:
        """Return how many were refused."""
        return self.count("refused")

    @property
    def waiting(self) -> int:
        """Return how many are still to come."""
        return self.count("waiting")


def cases_on_host(host: str) -> list[int]:
    """Return the waiting cases of one site, most pressing first."""
    there = hosting_queries.locations_on_host(host.strip().lower(), most=2000)
    return _first_assessments(Case.objects.filter(location_id__in=there))


def cases_of_report(report_id: int) -> list[int]:
    """Return the waiting cases that one report joined, most pressing first."""
    items = [item.id for item in intake_queries.items_of(report_id)]
    return _first_assessments(Case.objects.filter(pk__in=CaseItem.objects.filter(item_id__in=items).values("case_id")))


def _first_assessments(cases: QuerySet[Case]) -> list[int]:
    return list(
        cases.filter(state__in=BEFORE_FIRST_ASSESSMENT).order_by("priority", "id").values_list("pk", flat=True)[:MOST]
    )


def candidates(case_ids: Iterable[int], actor: Actor, assessment: AssessmentResult | None = None) -> list[Candidate]:
    """Return these cases as rows, each with what an assessment would lead to. At most five queries."""
    cases = list(Case.objects.filter(pk__in=list(case_ids)[:MOST]).order_by("priority", "id"))
    is_stopped = assessment is not None and standing_of(actor, for_new=True).stop is not None
    found = []
    for case, row in zip(cases, rows_of(cases, actor.id or 0), strict=True):
        standing = standing_in(case, actor, shows_content=row.kind in CONTENT)
        ahead = forecast(standing, assessment, is_stopped=is_stopped) if assessment else None
        mark = mark_of(case.pk, case.cycle, case.state)
        found.append(Candidate(row, ahead.refusal if ahead else can_join(standing), ahead, mark))
    return found


def runs_of(actor: Actor, most: int = 10) -> list[BulkRun]:
    """Return a person's newest runs."""
    return list(BulkRun.objects.filter(by=actor.id).order_by("-id")[:most])


def run_like(case_ids: Collection[int], actor: Actor) -> BulkRun | None:
    """Return the person's newest run of exactly these cases: a resubmitted form has already started it."""
    for run in runs_of(actor):
        if set(BulkItem.objects.filter(run_id=run.pk).values_list("case_id", flat=True)) == set(case_ids):
            return run
    return None


def progress_of(run_id: int, actor: Actor, *, sees_all: bool) -> Progress:
    """Return the progress of a run. Raises NotFound if it is somebody else's, unless the actor `sees_all`, and
    CaseIsBlind if such a reader has one of its cases for a blind assessment. Four queries, five for such a reader.
    """
    run = BulkRun.objects.select_related("by").filter(pk=run_id).first()
    if run is None or (run.by_id != actor.id and not sees_all):
        raise NotFound(what=_("run"))
    items = list(BulkItem.objects.filter(run_id=run_id).order_by("id"))
    cases = Case.objects.in_bulk([item.case_id for item in items])
    if run.by_id != actor.id and _has_for_blind_assessment(cases.values(), actor):
        raise CaseIsBlind
    rows = {row.id: row for row in rows_of(cases.values(), actor.id or 0)}
    results = [Result(rows[item.case_id], item.state, item.led_to, _refusal_text(item.refusal)) for item in items]
    return Progress(
        run, results, _second_assessments([cases[item.case_id] for item in items if item.led_to == "ask_second"])
    )


def _refusal_text(refusal: str) -> str:
    return refusal if not refusal or refusal in REFUSALS else "failed"


def _has_for_blind_assessment(cases: Iterable[Case], actor: Actor) -> bool:
    drawn = SampledAssessment.objects.filter(case__in=cases, state="taken", taken_by=actor.id)
    held = any(case.waits_for_second and case.claimed_by_id == actor.id for case in cases)
    return held or drawn.exists()


def _second_assessments(cases: Sequence[Case]) -> SecondAssessmentCounts | None:
    if not cases:
        return None
    open_ones = [case for case in cases if case.waits_for_second]
    apart = sum(case.in_adjudication for case in open_ones)
    return SecondAssessmentCounts(len(open_ones) - apart, len(cases) - len(open_ones), apart)
