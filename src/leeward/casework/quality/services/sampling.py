"""Blind assessments of drawn cases: drawing, taking and submitting them. None of it moves a case."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Value

from leeward.audit.services import hotline_transaction, record
from leeward.casework.assessment.queries.drafts import SAMPLE
from leeward.casework.assessment.rules.second_assessment import AssessmentResult, act_after, ends_differ
from leeward.casework.assessment.services.assessing import (
    countries_of,
    record_assessment,
    refuse_incomplete,
    refuse_unseen,
)
from leeward.casework.assessment.services.seeing import how_seen
from leeward.casework.bulk.models import BulkItem
from leeward.casework.exposure.services.budget import demand_open, note_work
from leeward.casework.models import Assessment, Case, Draft, Part, SampledAssessment
from leeward.casework.quality.errors import NothingToSample, RateOutOfRange, SampleNotHeld
from leeward.casework.quality.models import SamplingRates
from leeward.casework.quality.queries import has_passed
from leeward.casework.quality.rules.drawing import Rates, is_drawn_of_bulk, reason_to_draw
from leeward.casework.situations import people_with_part
from leeward.casework.steps import locked_case, note_act, now_utc
from leeward.foundation.actor import SYSTEM, Actor
from leeward.installation.queries import config_now
from leeward.jobs.clockwatch import trusted_now
from leeward.jobs.services import publish_event
from leeward.laws.queries import law_version, opinions_for
from leeward.laws.rules.facts import parse_facts
from leeward.people.errors import NotSecondPerson
from leeward.people.queries import StaffRow
from leeward.people.rules.permissions import ACTS
from leeward.people.services import authorize, demand_second, staff_id

_TRIES, _MOST_COUNTED = 20, 200
# A drawn case that nobody takes for this long is dropped.
WAITS_FOR = timedelta(days=30)


def rates_of(hotline_id: int) -> Rates:
    """Return the rates that apply in a hotline."""
    row = SamplingRates.objects.filter(hotline_id=hotline_id).first()
    return Rates(row.illegal_percent, row.closed_percent, row.untrained_percent) if row else Rates()


def set_rates(rates: Rates, *, actor: Actor) -> None:
    """Set how often decisions of the actor's hotline are drawn; what is already drawn stays drawn."""
    hotline_id = actor.hotline_id or 0
    if not all(0 <= percent <= 100 for percent in asdict(rates).values()):
        raise RateOutOfRange
    with hotline_transaction():
        authorize(actor, "quality.edit", hotline_id)
        values = {**asdict(rates), "by_id": actor.id if actor.kind == "staff" else None, "at": now_utc()}
        SamplingRates.objects.update_or_create(hotline_id=hotline_id, defaults=values)
        subject = f"hotline:{hotline_id}"
        record("sampling.set", actor=actor, hotline_id=hotline_id, subject=subject, facts=asdict(rates))


def draw(assessment_id: int) -> bool:
    """Draw one person's decision for a blind assessment if the rate and the secret say so. Idempotent."""
    with hotline_transaction():
        assessment = (
            Assessment.objects.select_related("case").filter(pk=assessment_id, round="first", by__isnull=False).first()
        )
        if assessment is None or SampledAssessment.objects.filter(first_id=assessment_id).exists():
            return False
        if act_after("first", AssessmentResult(assessment.outcome, parse_facts(assessment.facts))) == "ask_second":
            return False  # a second person assesses it in any case
        secret = settings.LEEWARD.secret_bytes
        rates = rates_of(assessment.hotline_id)
        is_trained = has_passed(assessment.by_id or 0)
        why = reason_to_draw(
            assessment.outcome, is_trained=is_trained, number=assessment_id, rates=rates, secret=secret
        )
        if why is None and _is_drawn_of_bulk(assessment, rates, secret):
            why = "bulk"
        if why is None:
            return False
        row = {"hotline_id": assessment.hotline_id, "case_id": assessment.case_id, "first_id": assessment_id}
        sample = SampledAssessment.objects.create(**row, why=why, drawn_at=now_utc())
        note_act("sample.drawn", assessment.case, actor=SYSTEM, facts={"sample": sample.pk, "why": why})
    return True


def _is_drawn_of_bulk(assessment: Assessment, rates: Rates, secret: bytes) -> bool:
    """Return whether this assessment was part of a bulk run, and is one of those drawn from it."""
    items = BulkItem.objects.filter(
        case_id=assessment.case_id, state="done", run__by=assessment.by_id, run__at__lte=assessment.at
    )
    item = items.order_by("-id").first()
    if item is None or item.led_to not in ("find_illegal", "find_other"):
        return False
    others = BulkItem.objects.filter(run_id=item.run_id)
    rank, many = others.filter(pk__lt=item.pk).count(), others.count()
    return is_drawn_of_bulk(assessment.outcome, run=item.run_id, rank=rank, many=many, rates=rates, secret=secret)


def sample_held_by(person_id: int) -> SampledAssessment | None:
    """Return the drawn case that this person holds, with its case and portal; None if there is none."""
    rows = SampledAssessment.objects.select_related("case__portal__hotline")
    return rows.filter(state="taken", taken_by=person_id).order_by("id").first()


def sample_of(number: str) -> SampledAssessment:
    """Return the drawn case of this number with its case and portal; raises SampleNotHeld if there is none."""
    rows = SampledAssessment.objects.select_related("case__portal__hotline")
    sample = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if sample is None:
        raise SampleNotHeld
    return sample


def take_sample(*, actor: Actor) -> SampledAssessment:
    """Take the longest-waiting drawn case that this person had no part in; if they hold one already, return that.

    Never returns a case if somebody who had a part in it could control this account. Raises NothingToSample,
    NothingNewNow, NotSecondPerson.
    """
    authorize(actor, "case.assess", actor.hotline_id or 0)
    mine = sample_held_by(staff_id(actor))
    if mine is not None:
        return mine
    demand_open(actor, for_new=True)
    refused: NotSecondPerson | None = None
    for sample in _takeable(actor):
        try:
            _demand_independent(sample.case, actor)
        except NotSecondPerson as error:
            refused = error
            continue
        with hotline_transaction():
            if not SampledAssessment.objects.filter(_is_free(), pk=sample.pk).update(
                state="taken", taken_by=actor.id, taken_until=until()
            ):
                continue
            note_work(actor)
            note_act("sample.taken", sample.case, actor=actor, facts={"sample": sample.pk})
        return sample
    raise refused or NothingToSample


def _demand_independent(case: Case, actor: Actor) -> None:
    """Raise NotSecondPerson if somebody who had a part in the case could control this account."""
    demand_second(actor, people_with_part(case) - {staff_id(actor)}, act="case.assess")


def _is_free() -> Q:
    return Q(state="waiting") | Q(state="taken", taken_until__lt=now_utc())


def waiting(actor: Actor) -> Any:
    """Return the drawn cases that this person could take, oldest first: those they had no part in and whose findings
    they have not read.
    """
    mine = {"case_id": OuterRef("case_id"), "by": actor.id}
    rows = SampledAssessment.objects.filter(_is_free(), case__merged_into__isnull=True).order_by("id")
    rows = rows.exclude(readers=actor.id)
    return rows.exclude(Exists(Assessment.objects.filter(**mine))).exclude(Exists(Part.objects.filter(**mine)))


def _takeable(actor: Actor) -> list[SampledAssessment]:
    return list(waiting(actor).select_related("case")[:_TRIES])


def until() -> datetime:
    """Return until when a drawn case taken now stays with its holder."""
    return now_utc() + timedelta(minutes=config_now().claim_minutes)


def give_back_sample(sample_id: int, *, actor: Actor) -> None:
    """Give the drawn case back for somebody else."""
    with hotline_transaction():
        sample, case = held(sample_id, actor)
        sample.state, sample.taken_by, sample.taken_until = "waiting", None, None
        sample.save()
        note_act("sample.given_back", case, actor=actor, facts={"sample": sample.pk})


def state_sample(
    sample_id: int,
    given: Mapping[str, Any],
    *,
    outcome: str,
    actor: Actor,
    reason: int | None = None,
    comment: str = "",
    elsewhere: str = "",
) -> None:
    """State facts and outcome of a drawn case, without moving it. Raises SampleNotHeld, NotSecondPerson, FactsMissing,
    WrongReason, BadFacts.
    """
    facts = parse_facts(given)
    assessment = AssessmentResult(outcome, facts)
    case_id = _sample(sample_id).case_id
    refuse_incomplete(case_id, assessment, reason, comment)
    countries = countries_of(Case.objects.get(pk=case_id))
    opinions = [asdict(row) for row in opinions_for(facts, countries, now_utc().date())]
    with hotline_transaction():
        sample, case = held(sample_id, actor)
        _demand_independent(case, actor)
        seen = how_seen(case, actor, facts, elsewhere=elsewhere)
        refuse_unseen(seen, reason)
        kept = record_assessment(
            case, "sample", assessment, opinions, actor=actor, reason=reason, comment=comment, seen=seen
        )
        sample.state, sample.assessment = "done", kept
        sample.save()
        Draft.objects.filter(case_id=case.pk, by_id=actor.id, kind=SAMPLE).delete()
        note_work(actor)
        logged = {"sample": sample.pk, "outcome": outcome, "reason": reason, "law": law_version()}
        note_act("sample.stated", case, actor=actor, facts=logged | {"facts": facts.to_dict()})
        publish_event("case.assessed", subject_id=kept.pk, hotline_id=case.hotline_id)


def is_disputed(sample_id: int, actor: Actor) -> bool:
    """Return whether what this person stated about a drawn case has another ending than the first assessment, so that
    both people confer. Raises SampleNotHeld unless they have stated it.
    """
    sample = _sample(sample_id)
    stated = sample.assessment
    if stated is None or sample.state != "done" or stated.by_id != actor.id:
        raise SampleNotHeld
    return ends_differ(sample.first.outcome, stated.outcome)


def _sample(sample_id: int) -> SampledAssessment:
    sample = SampledAssessment.objects.select_related("first").filter(pk=sample_id).first()
    if sample is None:
        raise SampleNotHeld
    return sample


def held(sample_id: int, actor: Actor) -> tuple[SampledAssessment, Case]:
    """Return the sample and its case, locked, if the actor holds it and the decision still stands."""
    case = locked_case(_sample(sample_id).case_id)
    authorize(actor, "case.assess", case.hotline_id)
    sample = _sample(sample_id)
    if (
        sample.state != "taken"
        or sample.taken_by_id != actor.id
        or sample.first.cycle != case.cycle
        or case.merged_into_id
    ):
        raise SampleNotHeld
    return sample, case


def drop_stale() -> int:
    """Drop drawn cases that were reopened meanwhile (their decision no longer stands), and those that nobody has taken
    for long. Return how many.
    """
    anew = SampledAssessment.objects.filter(state__in=("waiting", "taken")).exclude(case__cycle=F("first__cycle"))
    long_ago = SampledAssessment.objects.filter(state="waiting", drawn_at__lt=trusted_now(now_utc()) - WAITS_FOR)
    numbers = [*anew.values_list("pk", flat=True)[:500], *long_ago.values_list("pk", flat=True)[:500]]
    return SampledAssessment.objects.filter(pk__in=numbers).update(state="void")


def count_for_nobody(staff: Iterable[StaffRow]) -> int:
    """Return how many drawn cases wait that none of a hotline's `staff` could take: everybody who assesses had a part in
    them or has read their findings. One query.
    """
    drawn = SampledAssessment.objects.filter(_is_free(), case__merged_into__isnull=True).order_by()
    waits = drawn.filter(pk__in=drawn.order_by("id").values("pk")[:_MOST_COUNTED])
    ofs = {"case_id__in": waits.values("case_id")}
    rows = waits.values_list("case_id", Value(0)).union(
        *(
            table.objects.filter(by__isnull=False, **ofs).order_by().values_list("case_id", "by_id")
            for table in (Assessment, Part)
        ),
        waits.filter(readers__isnull=False).values_list("case_id", "readers"),
    )
    able = {row.id for row in staff if row.is_active and row.roles & ACTS["case.assess"]}
    left: dict[int, set[int]] = {}
    for case_id, person in rows:
        left.setdefault(case_id, set(able)).discard(person)
    return sum(not people for people in left.values())
