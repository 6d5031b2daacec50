"""Queries of quality, within a hotline's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from leeward.casework.models import Assessment, SampledAssessment
from leeward.casework.quality.models import Adjudication, ChangedDecision, TrainingAnswer, TrainingRun
from leeward.casework.quality.rules.agreement import Kappa
from leeward.casework.quality.rules.pairs import (
    Agreement,
    AssessmentPair,
    agreement_of,
    assessment_pairs,
    by_month,
    last_months,
)
from leeward.casework.quality.rules.training import SET
from leeward.casework.steps import now_utc
from leeward.foundation.errors import NotFound
from leeward.people.queries import StaffRow, staff_of, time_zone_of
from leeward.sealing.fields import open_rows

MONTHS = 12
WORKS = frozenset({"analyst", "supervisor"})
# A busy hotline's year; more would slow the page without improving the figures.
MOST_PAIRS = 3000
_ASSESSMENT_FIELDS = ("case_id", "cycle", "by", "outcome", "facts", "at")


@dataclass(frozen=True, slots=True)
class PersonAgreement:
    """One person's agreement with the others who assessed the same cases."""

    id: int
    name: str
    end: Kappa
    facts: Kappa


def pairs_since(since: datetime, *, person_id: int | None = None) -> list[AssessmentPair]:
    """Return the newest MOST_PAIRS pairs of blind assessments since a moment, of one person or of all. Two queries."""
    seconds = Assessment.objects.filter(round__in=("second", "sample"), at__gte=since, by__isnull=False)
    rows = list(seconds.order_by("-at").values(*_ASSESSMENT_FIELDS)[:MOST_PAIRS])
    cases = {row["case_id"] for row in rows}
    firsts = Assessment.objects.filter(case_id__in=cases, round="first", by__isnull=False).order_by("-pk")
    first_of = {(row["case_id"], row["cycle"]): row for row in firsts.values(*_ASSESSMENT_FIELDS)}
    pairs = []
    for second in rows:
        first = first_of.get((second["case_id"], second["cycle"]))
        if first and person_id in (None, first["by"], second["by"]):
            pairs.append(assessment_pairs(first, second))
    return pairs


@dataclass(frozen=True, slots=True)
class Year:
    """The agreement of the last twelve months: overall, by month, and by person for those who may see that."""

    whole: Agreement
    months: list[tuple[date, Kappa]]
    people: list[PersonAgreement]
    is_cut: bool


def year_of(hotline_id: int, *, person_id: int | None = None, people: Iterable[StaffRow] = ()) -> Year:
    """Return the last twelve months of a hotline, or of one person in it; by person for `people`. Three queries."""
    zone = time_zone_of(hotline_id)
    months = last_months(now_utc().astimezone(ZoneInfo(zone)).date(), MONTHS)
    since = datetime.combine(months[0], time(), tzinfo=ZoneInfo(zone))
    pairs = pairs_since(since, person_id=person_id)
    return Year(agreement_of(pairs), by_month(pairs, months, zone), _people(people, pairs), len(pairs) >= MOST_PAIRS)


def _people(staff: Iterable[StaffRow], pairs: list[AssessmentPair]) -> list[PersonAgreement]:
    found = []
    for row in staff:
        own = [pair for pair in pairs if row.id in (pair.first_by, pair.second_by)]
        if own or (row.is_active and row.roles & WORKS):
            agreement = agreement_of(own)
            found.append(PersonAgreement(row.id, row.name, agreement.end, agreement.facts))
    return found


def has_passed(person_id: int) -> bool:
    """Return whether somebody has ever passed the current training set."""
    return TrainingRun.objects.filter(by_id=person_id, set_name=SET, passed=True).exists()


@dataclass(frozen=True, slots=True)
class Trained:
    """A person's progress with the training set: finished runs, the newest one, and when it was first passed."""

    name: str
    runs: int
    newest: TrainingRun | None
    passed_at: datetime | None


def trained_of(hotline_id: int) -> list[Trained]:
    """Return everybody who works on cases, those who have not passed first. Two queries."""
    found: dict[int, list[TrainingRun]] = {}
    for run in TrainingRun.objects.filter(set_name=SET, finished_at__isnull=False).order_by("id"):
        found.setdefault(run.by_id, []).append(run)
    rows = []
    for row in staff_of(hotline_id):
        if row.is_active and row.roles & WORKS:
            runs = found.get(row.id, [])
            passed = next((run.finished_at for run in runs if run.passed), None)
            rows.append(Trained(row.name, len(runs), runs[-1] if runs else None, passed))
    return sorted(rows, key=lambda row: (row.passed_at is not None, row.name))


def runs_of(person_id: int, most: int = 20) -> list[TrainingRun]:
    """Return a person's finished runs, newest first."""
    rows = TrainingRun.objects.filter(by_id=person_id, finished_at__isnull=False).order_by("-id")
    return list(rows[:most])


def answer_of(run_id: int, item: int) -> TrainingAnswer | None:
    """Return what was stated about a pattern in a run, or None."""
    return TrainingAnswer.objects.filter(run_id=run_id, item=item).first()


def adjudication(adjudication_id: int) -> Adjudication:
    """Return an adjudication with its case and both assessments; raises NotFound."""
    rows = Adjudication.objects.select_related(
        "case__portal", "first__by", "second__by", "assessment__by", "proposed_by"
    )
    found = rows.filter(pk=adjudication_id).first()
    if found is None:
        raise NotFound(what=_("adjudication"))
    open_rows(row for row in (found, found.first, found.second, found.assessment) if row is not None)
    return found


def adjudications(*, is_open: bool, person_id: int | None = None) -> QuerySet[Adjudication]:
    """Return adjudications that are open or closed, newest first, of one person or of all."""
    rows = Adjudication.objects.select_related("case", "first__by", "second__by", "assessment").order_by("-id")
    rows = rows.filter(state="open") if is_open else rows.exclude(state="open")
    if person_id is None:
        return rows
    return rows.filter(Q(first__by=person_id) | Q(second__by=person_id))


def open_adjudications(person_id: int) -> tuple[int, int]:
    """Return how many adjudications are open: this person's, and all."""
    is_mine = Q(first__by=person_id) | Q(second__by=person_id)
    found = Adjudication.objects.filter(state="open").aggregate(all=Count("pk"), mine=Count("pk", filter=is_mine))
    return found["mine"], found["all"]


def samples_open() -> int:
    """Return how many drawn cases wait for a blind assessment or are held for one."""
    count: int = SampledAssessment.objects.filter(state__in=("waiting", "taken")).count()
    return count


def changes(*, is_seen: bool) -> QuerySet[ChangedDecision]:
    """Return changed decisions, seen or unseen, newest first."""
    rows = ChangedDecision.objects.select_related("case", "assessment__by", "seen_by").order_by("-id")
    return rows.filter(seen_at__isnull=not is_seen)
