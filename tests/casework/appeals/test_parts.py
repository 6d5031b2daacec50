"""Whoever had a part in a case, however it came about, answers no request for review of it and is no second pair of eyes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from leeward.audit.services import hotline_transaction
from leeward.casework import services
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.casework.errors import SecondAssessmentNeedsOther, WrongTransition
from leeward.casework.merging.services import merging, splitting
from leeward.casework.models import Appeal, Assessment, Case
from leeward.casework.rules.transitions import Refusal
from leeward.casework.steps import take_step
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotAllowed
from leeward.laws.rules.facts import parse_facts
from leeward.people.access import staff_member
from leeward.people.errors import NotSecondPerson
from leeward.people.models import User
from leeward.site.config import Config
from tests.casework.conftest import FAST, GRAVE, PLAIN, Desk
from tests.personas import add_person, date_roles

pytestmark = pytest.mark.django_db


def actor_with(desk: Desk, name: str, *roles: str) -> Actor:
    """The member of staff with these roles from now on."""
    date_roles(desk.cast[name].account_id, list(roles))
    actor = staff_member(desk.cast[name].account_id, desk.cast.hotline_id)
    assert actor is not None
    return actor


def refuses_both_ways(case: Case, actor: Actor) -> bool:
    """Whether this person can neither answer a request about the case nor take the step by which an answer changes it."""
    appeal = Appeal.objects.filter(case_id=case.pk, state="open").latest("pk")
    with pytest.raises(SecondAssessmentNeedsOther):
        services.decide_appeal(appeal.pk, upheld=False, reasons="It stands.", actor=actor)
    with pytest.raises(WrongTransition) as refused, hotline_transaction():
        take_step(Case.objects.get(pk=case.pk), "overturn", actor=actor, reason="It was wrong.")
    return refused.value.refusal is Refusal.NEEDS_ANOTHER_PERSON


def appealed(case: Case) -> Case:
    services.open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    case.refresh_from_db()
    return case


def test_whoever_only_sent_it_answers_no_appeal(desk: Desk) -> None:
    """Ana says what it is, Bela presses the button that sends it: neither answers for it, whatever their roles."""
    case = desk.first()
    desk.assess(case, "ana")
    services.give_back(case.pk, actor=desk.cast["ana"].actor)
    desk.act(case, "bela")
    assert not Assessment.objects.filter(case_id=case.pk, by_id=desk.cast["bela"].account_id).exists()
    Case.objects.filter(pk=case.pk).update(acted_by=None)  # somebody else acts on it later, and the row forgets
    assert refuses_both_ways(appealed(case), actor_with(desk, "bela", "supervisor"))


def close(desk: Desk, case: Case, who: str) -> None:
    desk.assess(case, "ana")
    services.close_case(case.pk, reason=13, comment="Others see to it.", actor=desk.cast[who].actor)
    services.reopen(case.pk, comment="Once more.", actor=desk.cast["carl"].actor)
    desk.assess(case, "ana")


def undo(desk: Desk, case: Case, who: str) -> None:
    desk.assess(case, who)
    services.undo(case.pk, actor=desk.cast[who].actor)
    services.give_back(case.pk, actor=desk.cast[who].actor)
    desk.assess(case, "ana")


def of_a_merged_case(desk: Desk, case: Case, who: str) -> None:
    twin = desk.case(desk.world.gallery_url + "?from=elsewhere")
    desk.assess(case, "ana")
    desk.assess(twin, who)
    services.give_back(twin.pk, actor=desk.cast[who].actor)
    assert merging.merge(twin.pk, case.pk, reason="The same.", actor=desk.cast["ana"].actor)


def while_they_were_one(desk: Desk, case: Case, who: str) -> None:
    other = desk.case(desk.world.gallery_url + "?from=elsewhere")
    for one in (other, case):
        desk.assess(one, "ana")
        services.give_back(one.pk, actor=desk.cast["ana"].actor)
    row = merging.merge(case.pk, other.pk, reason="The same.", actor=desk.cast["ana"].actor)
    services.claim_case(other.pk, actor=desk.cast[who].actor)
    services.act(other.pk, actor=desk.cast[who].actor)
    splitting.undo_merging(row, actor=desk.cast["ana"].actor)


@pytest.mark.parametrize("how", [close, undo, of_a_merged_case, while_they_were_one], ids=lambda how: how.__name__)
def test_every_part_counts(desk: Desk, settings: Any, how: Callable[[Desk, Case, str], None]) -> None:
    """Also one that was undone: they have said what they think of it."""
    settings.LEEWARD = Config(pace=FAST, undo_seconds=10)
    case = desk.case()
    how(desk, case, "bela")
    assert refuses_both_ways(appealed(Case.objects.get(pk=case.pk)), actor_with(desk, "bela", "supervisor"))


def test_who_rejected_one_request_does_not_answer_the_next(desk: Desk) -> None:
    """One who answers two that wait together may, since neither was answered before."""
    case = desk.first()
    desk.assess(case, "ana")
    carl, bela = desk.cast["carl"].actor, actor_with(desk, "bela", "supervisor")
    together = [services.open_appeal(case.pk, origin="host", origin_id=number, text="No.") for number in (1, 2)]
    for appeal in together:
        assert appeal
        services.decide_appeal(appeal, upheld=False, reasons="It stands.", actor=carl)
    later = services.open_appeal(case.pk, origin="host", origin_id=3, text="Still no.")
    assert later
    with pytest.raises(SecondAssessmentNeedsOther):
        services.decide_appeal(later, upheld=True, reasons="It was wrong.", actor=carl)
    services.decide_appeal(later, upheld=True, reasons="It was wrong.", actor=bela)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "not_illegal")


def test_two_requests_that_are_right_close_the_case_once(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "ana")
    for number in (1, 2):
        services.open_appeal(case.pk, origin="host", origin_id=number, text="No.")
    for appeal in Appeal.objects.order_by("pk"):
        services.decide_appeal(appeal.pk, upheld=True, reasons="It was wrong.", actor=desk.cast["carl"].actor)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.cycle) == ("closed", "not_illegal", 1)


def test_the_same_person_is_never_the_second(desk: Desk) -> None:
    """Not by a claim that is on the case in any way, not by saying so to the table, and not in the rows themselves."""
    case = desk.first()
    assert desk.assess(case, "ana", facts=GRAVE) == "ask_second"
    ana = desk.cast["ana"]
    Case.objects.filter(pk=case.pk).update(
        claimed_by=ana.account_id, claimed_until=timezone.now() + timedelta(hours=1), first_assessor=None
    )
    with pytest.raises(WrongTransition) as refused:
        services.assess(case.pk, GRAVE, outcome="illegal", actor=ana.actor)
    assert refused.value.refusal is Refusal.NEEDS_ANOTHER_PERSON
    for act in ("confirm_illegal", "dispute"):
        with pytest.raises(WrongTransition), hotline_transaction():
            take_step(
                Case.objects.get(pk=case.pk),
                act,
                actor=ana.actor,
                assessment=AssessmentResult("illegal", parse_facts(GRAVE)),
            )
    first = Assessment.objects.get(case_id=case.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(
            hotline_id=first.hotline_id, case_id=case.pk, by_id=first.by_id, cycle=first.cycle, round="second",
            outcome="illegal", law_version="", at=timezone.now(),
        )  # fmt: skip


def test_what_is_no_person_had_no_part_that_anybody_knows(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "ana", facts=GRAVE)
    said = AssessmentResult("illegal", parse_facts(GRAVE))
    for who in (SYSTEM, Actor("command"), Actor("token", id=1)):
        with pytest.raises((WrongTransition, NotAllowed)), hotline_transaction():
            take_step(Case.objects.get(pk=case.pk), "confirm_illegal", actor=who, assessment=said)


def test_a_look_that_is_not_stated_is_no_reason_to_go_on(desk: Desk) -> None:
    """The table reads what it can; what only a caller can know and doesn't say is unknown, and unknown is refused."""
    case = desk.first()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    case.refresh_from_db()
    for act in ("find_illegal", "find_other", "ask_second"):
        with pytest.raises(WrongTransition), hotline_transaction():
            take_step(case, act, actor=desk.cast["ana"].actor, reason="14")
    with hotline_transaction():
        take_step(
            case,
            "find_illegal",
            actor=desk.cast["ana"].actor,
            assessment=AssessmentResult("illegal", parse_facts(PLAIN)),
        )


def test_a_waiting_case_with_an_open_request_is_not_merged(desk: Desk) -> None:
    """Its request would be answered by nobody. The rows say so, whatever the flag on the case says."""
    case, other = desk.first(), desk.case(desk.world.gallery_url + "?from=elsewhere")
    services.open_appeal(case.pk, origin="reporter", origin_id=1, text="Please look.")
    for flag in (True, False):
        Case.objects.filter(pk=case.pk).update(appealed=flag)
        with pytest.raises(WrongTransition) as refused:
            merging.merge(case.pk, other.pk, reason="The same.", actor=desk.cast["carl"].actor)
        assert refused.value.refusal is Refusal.WAITS_FOR_OTHERS
    case.refresh_from_db()
    assert (case.state, case.merged_into) == ("triaged", None)


def puppet_of(desk: Desk, name: str, roles: list[str]) -> None:
    """An account that Ana made alone, long ago: only its maker speaks against it."""
    made = add_person(name, roles, desk.cast.hotline_id)
    User.objects.filter(pk=made.account_id).update(made_by=desk.cast["ana"].account_id)
    desk.cast.people[name] = made


def test_an_account_that_the_first_person_made_looks_at_nothing_as_the_second(desk: Desk) -> None:
    puppet_of(desk, "puppet", ["analyst"])
    case = desk.case()
    desk.assess(case, "ana", facts=GRAVE)
    with pytest.raises(NotSecondPerson):
        services.claim_case(case.pk, actor=desk.cast["puppet"].actor)
    assert services.claim_next("second", actor=desk.cast["bela"].actor) == case.reference
    services.give_back(case.pk, actor=desk.cast["bela"].actor)
    User.objects.filter(pk=desk.cast["puppet"].account_id).update(confirmed_at=timezone.now())
    desk.assess(case, "puppet", facts=GRAVE)
    case.refresh_from_db()
    assert case.state == "decided"


def test_an_account_that_somebody_with_a_part_made_answers_no_appeal(desk: Desk) -> None:
    puppet_of(desk, "puppet", ["supervisor"])
    case = desk.case()
    desk.assess(case, "ana")
    number = services.open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    assert number is not None
    page = desk.signed_in("puppet").get(f"/desk/appeals/{number}").content.decode()
    assert "one administrator alone created both accounts" in page
    for upheld in (True, False):
        with pytest.raises(NotSecondPerson):
            services.decide_appeal(number, upheld=upheld, reasons="x", actor=desk.cast["puppet"].actor)
    services.decide_appeal(number, upheld=True, reasons="x", actor=desk.cast["carl"].actor)
