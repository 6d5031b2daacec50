"""What the guards of the table are told of a case, and what a step leaves behind: each read from rows, without the rest of the desk."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django_scopes import scope

from leeward.audit.queries import log_of
from leeward.audit.services import hotline_transaction
from leeward.casework import situations, steps
from leeward.casework.acting.services.following import hold_changed
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.casework.errors import CaseNotHeld, WrongTransition
from leeward.casework.models import Appeal, Assessment, Case, CaseItem, Part, SampledAssessment
from leeward.casework.queue.rules.priority import band_of, first_assessment_due_of
from leeward.casework.rules.transitions import ASKABLE, Refusal, transition
from leeward.casework.situations import Wanted, situation_of
from leeward.clocks.models import RuleVersion
from leeward.clocks.queries import clocks_of_case, rule_of
from leeward.clocks.rules.due import Rule
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.hashbank.models.records import Record, Sighting
from leeward.hosting.models import Location
from leeward.intake.models import Item, Report
from leeward.laws.rules.facts import parse_facts
from leeward.monitoring.models import Watch
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.queries import PoliceStanding
from leeward.people.errors import NotSecondPerson
from leeward.people.models import Portal, User
from leeward.people.services import staff_id
from tests.casework.conftest import GRAVE, PLAIN
from tests.personas import Cast

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
type MakeCase = Callable[..., Case]


@pytest.fixture
def make_case(cast: Cast) -> Iterator[MakeCase]:
    """Cases as rows, each at a location of its own."""

    def make(state: str = "triaged", kind: str = "url", **more: Any) -> Case:
        number = Case.objects.count() + 1
        location = Location.objects.create(
            hotline_id=cast.hotline_id, kind=kind, key=str(number), display="place", comparable="place"
        )
        told = {"received_at": NOW - 3 * DAY, "priority": 0, "reference": f"2026-{number:04}"} | more
        return Case.objects.create(
            hotline_id=cast.hotline_id, portal_id=cast.portal_id, location=location, state=state, **told
        )

    with scope(hotline=cast.hotline_id):
        yield make


def look_at(case: Case, by: int | None, round_: str = "first", outcome: str = "illegal", **more: Any) -> Assessment:
    told: dict[str, Any] = {"cycle": case.cycle, "facts": PLAIN, "at": NOW, "law_version": ""} | more
    return Assessment.objects.create(
        hotline_id=case.hotline_id, case=case, by_id=by, round=round_, outcome=outcome, **told
    )


def part_in(case: Case, by: int, act: str = "act", **more: Any) -> Part:
    return Part.objects.create(
        hotline_id=case.hotline_id, case=case, by_id=by, act=act, **{"cycle": case.cycle, "at": NOW} | more
    )


def appeal_of(case: Case, number: int = 1, **more: Any) -> Appeal:
    return Appeal.objects.create(
        hotline_id=case.hotline_id, portal_id=case.portal_id, case=case, origin="host", origin_id=number, asked_at=NOW,
        due_at=NOW + DAY, **more,
    )  # fmt: skip


def told(case: Case, act: str, name: str, **wanted: Any) -> object:
    """What the guard of this act is told under this name; whatever it does not ask about stays unknown."""
    line = transition(case.state, act)
    assert line is not None
    now = situation_of(case, line, Wanted(**{"actor": SYSTEM} | wanted))
    known = {part for part in ASKABLE if getattr(now, part) is not None}
    assert known <= {"reason", *situations.asked_by(line)}
    return getattr(now, name)


def test_flags_and_numbers_of_the_case_itself(make_case: MakeCase, cast: Cast) -> None:
    case = make_case("removed")
    assert told(case, "settle", "is_held") is False
    assert told(make_case("closed"), "unmerge", "is_merged") is False
    assert told(make_case("closed", merged_into=case), "unmerge", "is_merged") is True
    assert told(make_case("closed", outcome="not_illegal"), "see_returned", "was_illegal") is False
    assert told(make_case("closed", outcome="illegal"), "see_returned", "was_illegal") is True
    assert told(make_case("acting", kind="onion"), "settle", "is_watched") is True
    assert told(make_case("acting", kind="account"), "settle", "is_watched") is False
    assert told(make_case("received"), "forward", "is_post_box") is False
    Portal.objects.filter(pk=cast.portal_id).update(mode="post_box")
    assert told(make_case("received"), "forward", "is_post_box") is True
    assert told(case, "close", "reason", reason=" 14 ") == "14"


def test_the_police_hold_a_case_by_what_they_said_last(make_case: MakeCase, cast: Cast) -> None:
    """Whatever its copy on the case says, which can be a moment old."""
    case = make_case("removed", held_until=NOW)
    assert told(case, "settle", "is_held") is False
    home = {"hotline_id": cast.hotline_id, "portal_id": cast.portal_id, "case_id": case.pk}
    notice_case = NoticeCase.objects.create(**home, location_id=case.location_id, brief={}, started_at=NOW)
    Referral.objects.create(
        **home, notice_case=notice_case, reference=case.reference, created_at=NOW, state="held", hold_until=NOW + DAY
    )
    Case.objects.filter(pk=case.pk).update(held_until=None)
    assert told(Case.objects.get(pk=case.pk), "settle", "is_held") is True


def test_a_removed_case_is_finished_at_the_end_of_a_hold_that_its_copy_never_had(
    make_case: MakeCase, cast: Cast
) -> None:
    case = make_case("removed")
    home = {"hotline_id": cast.hotline_id, "portal_id": cast.portal_id, "case_id": case.pk}
    notice_case = NoticeCase.objects.create(**home, location_id=case.location_id, brief={}, started_at=NOW)
    Referral.objects.create(**home, notice_case=notice_case, reference=case.reference, created_at=NOW, state="held")
    hold_changed(case.pk, None)
    assert Case.objects.get(pk=case.pk).state == "removed"
    Referral.objects.update(state="released")
    hold_changed(case.pk, None)
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_a_known_file_is_the_same_file(make_case: MakeCase, cast: Cast) -> None:
    """One that only looks alike is none, nor is one of another case."""
    whose = {"hotline_id": cast.hotline_id}
    record = Record.objects.create(revision=1, first_seen=NOW, last_seen=NOW, **whose)
    same, alike, neither = (make_case() for _ in range(3))
    for case, match in ((same, "known"), (alike, "near")):
        Sighting.objects.create(record=record, case_id=case.pk, match=match, at=NOW, **whose)
    assert [told(case, "match_known", "is_known_file") for case in (same, alike, neither)] == [True, False, False]


def test_a_request_is_open_where_its_row_says_so(make_case: MakeCase) -> None:
    case, other = make_case("removed"), make_case("removed")
    appeal_of(other)
    appeal_of(case, state="rejected")
    assert told(case, "settle", "is_appealed") is False
    appeal_of(case, 2)
    assert told(case, "settle", "is_appealed") is True


def test_reports_that_were_taken_back_count_no_more(make_case: MakeCase, cast: Cast) -> None:
    case = make_case("received")

    def report(items: int, **more: Any) -> None:
        row = Report.objects.create(
            hotline_id=cast.hotline_id, portal_id=cast.portal_id, kind="page", received_at=NOW, **more
        )
        for _ in range(items):
            _unsorted, item = (
                Item.objects.create(hotline_id=cast.hotline_id, report=row, kind="url", state_changed_at=NOW)
                for _ in range(2)
            )
            CaseItem.objects.create(hotline_id=cast.hotline_id, case=case, item=item)

    assert told(case, "withdraw", "reports_left") == 0
    report(2)
    report(1, withdrawn_at=NOW)
    assert told(case, "withdraw", "reports_left") == 1
    report(1)
    assert told(case, "withdraw", "reports_left") == 2
    make_case("received")
    assert told(case, "withdraw", "reports_left") == 2


def test_what_somebody_states_is_read_from_what_they_state(make_case: MakeCase) -> None:
    case = make_case("assessing")
    grave, unsure = AssessmentResult("illegal", parse_facts(GRAVE)), AssessmentResult("unsure", parse_facts({}))
    for look, expected in ((None, (None, None)), (grave, (True, False)), (unsure, (False, True))):
        found = tuple(told(case, "ask_second", name, assessment=look) for name in ("is_grave", "is_unsure"))
        assert found == expected


def test_two_agree_with_the_first_assessment_of_this_turn(make_case: MakeCase, cast: Cast) -> None:
    case = make_case("second_assessment", cycle=2)
    ana, bela = (cast[name].account_id for name in ("ana", "bela"))
    found = AssessmentResult("illegal", parse_facts(PLAIN))
    look_at(make_case("second_assessment", cycle=2), bela, outcome="illegal")
    look_at(case, ana, outcome="illegal", cycle=1)
    look_at(case, bela, "second", outcome="illegal")
    assert told(case, "dispute", "assessments_agree", assessment=found) is None, "there is no first one"
    first = look_at(case, ana, outcome="not_illegal")
    assert told(case, "dispute", "assessments_agree", assessment=None) is None
    assert told(case, "dispute", "assessments_agree", assessment=found) is False
    assert told(case, "dispute", "assessments_agree", assessment=AssessmentResult("not_found", found.facts)) is True
    look_at(case, None, outcome="illegal")
    assert situations.first_assessment_of(case) == first
    assert situations.assessment_result(first) == AssessmentResult("not_illegal", parse_facts(PLAIN))
    assert situations.people_of_cycle(case) == {ana, bela}
    assert situations.people_of_cycle(make_case()) == set()


def test_two_differ_by_a_second_or_by_a_blind_assessment(make_case: MakeCase, cast: Cast) -> None:
    ana, bela, carl = (cast[name].account_id for name in ("ana", "bela", "carl"))
    assert told(make_case("decided", in_adjudication=True), "agree_other", "in_adjudication") is True
    case = make_case("decided", cycle=2)
    look_at(case, bela, "sample", outcome="not_illegal")
    assert told(case, "agree_other", "in_adjudication") is False, "it differs from nothing"
    Assessment.objects.all().delete()
    look_at(case, ana)
    look_at(case, bela, "sample", outcome="unsure")
    look_at(case, bela, "sample", outcome="not_illegal", cycle=1)
    look_at(case, carl, "second", outcome="not_illegal")
    look_at(make_case("decided", cycle=2), bela, "sample", outcome="not_illegal")
    assert told(case, "agree_other", "in_adjudication") is False
    look_at(case, cast["pia"].account_id, "sample", outcome="not_illegal")
    assert told(case, "agree_other", "in_adjudication") is True


def test_a_new_report_of_a_closed_case(make_case: MakeCase, cast: Cast) -> None:
    def opens(**more: Any) -> object:
        return told(make_case("closed", **{"closed_at": NOW} | more), "report_again", "needs_reassessment")

    assert opens(outcome="not_illegal") is False
    assert opens(outcome="not_illegal", closed_at=NOW - 8 * DAY) is True
    assert opens(outcome="not_found") is True
    assert opens(outcome="not_illegal", urgent=True, urgent_since=NOW + DAY) is True
    for watched, expected in (("up", False), ("removed", False), ("off", True)):
        case = make_case("closed", outcome="illegal", closed_at=NOW)
        Watch.objects.create(hotline_id=cast.hotline_id, location_id=case.location_id, state=watched, since=NOW)
        assert told(case, "report_again", "needs_reassessment") is expected
    assert opens(outcome="illegal") is True


@pytest.mark.parametrize(
    ("row", "is_again"),
    [
        ({"urgent": True, "urgent_since": NOW, "closed_at": NOW - DAY}, True),
        ({"urgent": True, "urgent_since": NOW, "closed_at": NOW}, False),
        ({"urgent": True, "urgent_since": NOW - DAY, "closed_at": NOW}, False),
        ({"urgent": False, "urgent_since": NOW, "closed_at": NOW - DAY}, False),
        ({"urgent": True, "closed_at": NOW - DAY}, False),
        ({"urgent": True, "urgent_since": NOW}, False),
    ],
)
def test_urgent_again_is_what_came_in_after_it_was_closed(
    make_case: MakeCase, row: dict[str, Any], *, is_again: bool
) -> None:
    assert told(make_case("forwarded", **row), "report_again", "is_urgent_again") is is_again


def test_what_the_police_are_owed(make_case: MakeCase, cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(police_on_urgent="after_assessment")
    calm, case = make_case("triaged", passed_at=NOW), make_case("triaged", urgent=True)
    assert [told(one, "pass_to_police", "is_urgent") for one in (calm, case)] == [False, True]
    assert [told(one, "pass_to_police", "is_passed") for one in (calm, case)] == [True, False]
    assert told(case, "pass_to_police", "police_may_be_informed") is False
    judged = make_case("decided", urgent=True, outcome="illegal")
    assert told(judged, "pass_to_police", "police_may_be_informed") is True
    assert [told(one, "close", "police_are_owed", reason="1") for one in (make_case("acting"), judged)] == [False, True]
    assert [told(one, "hand_over", "is_settled") for one in (calm, case)] == [False, False]
    for one in (calm, case):
        notice_case = NoticeCase.objects.create(
            hotline_id=cast.hotline_id, portal_id=cast.portal_id, case_id=one.pk, location_id=one.location_id, brief={},
            started_at=NOW,
        )  # fmt: skip
        Referral.objects.create(
            hotline_id=cast.hotline_id, portal_id=cast.portal_id, notice_case=notice_case, case_id=one.pk, reference=one.reference,
            created_at=NOW, urgent=True, sent_at=NOW, acknowledged_at=NOW, outcome="not_traced", outcome_at=NOW,
        )  # fmt: skip
    assert [told(one, "hand_over", "is_settled") for one in (calm, case)] == [False, True]
    owed = [situations.police_are_owed(calm)]
    Referral.objects.filter(case_id=calm.pk).update(outcome="", outcome_at=None)
    owed.append(situations.police_are_owed(calm))
    assert owed == [False, True], "what went to them as urgent stays open, though nobody calls it urgent now"


WHOLE = frozenset({"ana", "bela", "carl", "pia", "adam"})


def test_who_had_a_part(make_case: MakeCase, cast: Cast) -> None:
    """By an assessment, a step, or an answer to an earlier request; in this case, or in one that was merged into it."""
    accounts = {name: cast[name].account_id for name in WHOLE}
    case = make_case("decided", cycle=2)
    merged = make_case("closed", merged_into=case)
    look_at(case, accounts["ana"])
    look_at(case, None, "second")
    part_in(case, accounts["bela"], cycle=1)
    look_at(merged, accounts["carl"])
    part_in(merged, accounts["pia"])
    look_at(make_case(), accounts["adam"])
    part_in(make_case(), accounts["adam"])

    def had(**how: Any) -> set[str]:
        return {name for name, account in accounts.items() if situations.had_part(case, account, **how)}

    assert had(ever=False) == {"ana"}
    assert had(ever=True) == {"ana", "bela", "carl", "pia"}
    assert had(ever=True, besides="act") == {"ana", "carl"}
    assert situations.people_with_part(case) == {accounts[name] for name in ("ana", "bela", "carl", "pia")}
    part_in(case, accounts["adam"])
    assert had(ever=False) == {"ana", "adam"}


def test_whoever_answered_an_earlier_request_had_a_part_in_the_next(make_case: MakeCase, cast: Cast) -> None:
    """What was changed after the request was made, because another one was right, is none."""
    ana, bela, carl = (cast[name].account_id for name in ("ana", "bela", "carl"))
    case, other = make_case("closed"), make_case("closed")
    appeal_of(other, 1, decided_by_id=carl, decided_at=NOW - 3 * DAY)
    appeal_of(other, 2, decided_by_id=bela, decided_at=NOW - 3 * DAY)
    appeal_of(case, 1, decided_by_id=ana, decided_at=NOW - DAY)
    appeal_of(case, 2, decided_by_id=bela, decided_at=NOW + DAY)
    appeal_of(case, 3)
    part_in(case, bela, "overturn", at=NOW)
    part_in(case, carl, "overturn", at=NOW - DAY)

    def had(asked_at: datetime | None) -> list[bool]:
        found = [situations.had_part(case, one, ever=True, asked_at=asked_at) for one in (ana, bela, carl)]
        with_part = situations.people_with_part(case, asked_at=asked_at)
        if asked_at is not None:
            assert [one in with_part for one in (ana, bela, carl)] == found
        return found

    assert had(NOW) == [True, False, True]
    assert had(NOW + 2 * DAY) == [True, True, True]
    assert had(NOW - DAY) == [False, False, False]
    assert had(None) == [False, True, True]
    assert situations.people_with_part(case) == {ana, bela, carl}
    part_in(case, bela, "close", at=NOW)
    assert had(NOW) == [True, True, True], "only what an answer changed is none"
    later = make_case("closed")
    look_at(later, ana)
    assert situations.had_part(later, ana, ever=True, asked_at=NOW)
    assert situations.people_with_part(later, asked_at=NOW) == {ana}


def test_a_step_moves_the_case_and_keeps_whose_it_was(make_case: MakeCase, cast: Cast) -> None:
    ana, case = cast["ana"], make_case("triaged", cycle=3)
    with hotline_transaction():
        assert steps.take_step(case, "claim", actor=ana.actor) == transition("triaged", "claim")
        assert (case.state, case.lane, Part.objects.count()) == ("assessing", "assessing", 0)
        found = AssessmentResult("illegal", parse_facts(PLAIN))
        steps.take_step(case, "find_illegal", actor=ana.actor, assessment=found)
    assert (case.state, case.lane) == ("decided", "decided")
    part = Part.objects.get()
    assert (part.by_id, part.case_id, part.act, part.cycle) == (ana.account_id, case.pk, "find_illegal", 3)
    assert abs(part.at - datetime.now(UTC)) < DAY
    with hotline_transaction():
        steps.take_step(make_case("received"), "prepare", actor=SYSTEM)
    assert Part.objects.count() == 1, "the system is nobody"


def test_a_step_is_refused_to_whom_it_is_not_for(make_case: MakeCase, cast: Cast) -> None:
    ana, carl = cast["ana"].actor, cast["carl"].actor
    with pytest.raises(WrongTransition) as wrong, hotline_transaction():
        steps.take_step(make_case("closed"), "claim", actor=ana)
    assert wrong.value.refusal is Refusal.NO_SUCH_STEP
    for reason in ({}, {"reason": " "}):
        with pytest.raises(WrongTransition) as wrong, hotline_transaction():
            steps.take_step(make_case("decided"), "close", actor=ana, **reason)
        assert wrong.value.refusal is Refusal.NEEDS_REASON
    with pytest.raises(NotAllowed, match=r"\bonly the system does this\b"), hotline_transaction():
        steps.take_step(make_case("received"), "prepare", actor=carl)
    for actor, why in ((cast["pia"].actor, "role"), (cast["dora"].actor, "hotline")):
        with pytest.raises(NotAllowed, match=why), hotline_transaction():
            steps.take_step(make_case("triaged"), "claim", actor=actor)
    for actor in (SYSTEM, Actor("token", id=1), Actor("staff")):
        with pytest.raises(NotAllowed, match=r"\bonly a member of staff can do this\b"):
            staff_id(actor)
    assert staff_id(ana) == cast["ana"].account_id
    assert not Part.objects.exists()


def test_a_step_that_takes_two_is_refused_to_hands_of_the_first(make_case: MakeCase, cast: Cast) -> None:
    """Of this turn where a second one assesses, of ever and of both cases where a decision is changed."""
    ana, bela, carl = (cast[name] for name in ("ana", "bela", "carl"))
    case, other = make_case("second_assessment", cycle=2), make_case("decided", outcome="not_illegal")
    look_at(case, ana.account_id)
    look_at(case, carl.account_id, cycle=1)
    look = AssessmentResult("illegal", parse_facts(PLAIN))
    User.objects.filter(pk=bela.account_id).update(made_by=ana.account_id)
    with pytest.raises(NotSecondPerson), hotline_transaction():
        steps.take_step(case, "confirm_illegal", actor=bela.actor, assessment=look)
    User.objects.filter(pk=bela.account_id).update(made_by=carl.account_id)
    with hotline_transaction():
        steps.take_step(case, "confirm_illegal", actor=bela.actor, assessment=look)
    case.outcome = "illegal"
    look_at(other, ana.account_id)
    User.objects.filter(pk=carl.account_id).update(made_by=ana.account_id)
    for one, second in ((make_case("decided"), other), (other, make_case("decided"))):
        with pytest.raises(NotSecondPerson), hotline_transaction():
            steps.take_step(one, "merge_over", actor=carl.actor, reason="The same.", other=second)
    with hotline_transaction():
        steps.take_step(make_case("decided"), "merge_over", actor=carl.actor, reason="1", other=make_case("decided"))
        steps.take_step(make_case("decided"), "overturn", actor=carl.actor, reason="It was wrong.")
    part_in(other, carl.account_id)
    with pytest.raises(WrongTransition) as wrong, hotline_transaction():
        steps.take_step(make_case("decided"), "merge_over", actor=carl.actor, reason="1", other=other)
    assert wrong.value.refusal is Refusal.NEEDS_ANOTHER_PERSON


def test_whoever_chose_between_two_decisions_may_choose_again(make_case: MakeCase, cast: Cast) -> None:
    carl, case, other = cast["carl"], make_case("decided"), make_case("decided")
    part_in(case, carl.account_id, "merge_over")
    assert told(case, "merge_over", "had_part", actor=carl.actor, other=other) is False
    assert told(case, "overturn", "had_part", actor=carl.actor) is True
    overturned = make_case("decided")
    part_in(overturned, carl.account_id, "overturn")
    assert told(overturned, "overturn", "had_part", actor=carl.actor) is True
    assert told(case, "overturn", "had_part", actor=SYSTEM) is None
    assert told(case, "overturn", "had_part", actor=Actor("staff")) is None
    part_in(other, carl.account_id)
    assert told(case, "merge_over", "had_part", actor=carl.actor, other=other) is True


def test_what_can_be_done_now(make_case: MakeCase, cast: Cast) -> None:
    assert steps.can_step(make_case("received"), "prepare")
    assert not steps.can_step(make_case("closed"), "prepare")
    assert steps.can_step(make_case("decided"), "close", actor=cast["ana"].actor, reason="1")
    assert not steps.can_step(make_case("decided"), "close", actor=cast["ana"].actor)
    case = make_case("decided")
    part_in(case, cast["carl"].account_id)
    can = [steps.can_step(case, "overturn", actor=cast[name].actor, reason="1") for name in ("carl", "ana")]
    assert can == [False, True]
    assert steps.had_part(case, cast["carl"].actor, ever=True)
    assert not steps.had_part(case, cast["ana"].actor, ever=True)
    with pytest.raises(NotAllowed):
        steps.had_part(case, SYSTEM, ever=True)
    part_in(case, cast["bela"].account_id, "overturn", cycle=7)
    assert not steps.had_part(case, cast["bela"].actor, ever=False)
    assert steps.had_part(case, cast["bela"].actor, ever=True)
    assert not steps.had_part(case, cast["bela"].actor, ever=True, asked_at=NOW - DAY)


def test_an_act_is_in_the_log_and_moves_the_clocks(make_case: MakeCase, cast: Cast) -> None:
    case, ana = make_case(), cast["ana"]
    with hotline_transaction():
        steps.note_act("case.claimed", case, actor=ana.actor, facts={"pages": 3})
    line = log_of(cast.hotline_id, f"case:{case.pk}")[0]
    assert (line.event, line.actor, line.facts["pages"]) == ("case.claimed", f"staff:{ana.account_id}", 3)
    assert [clock.kind for clock in clocks_of_case(case.pk)] == ["first_assessment"]
    appeal_of(case)
    with hotline_transaction():
        steps.note_act("case.noted", case, actor=ana.actor)
    assert [clock.kind for clock in clocks_of_case(case.pk)] == ["first_assessment"]
    with hotline_transaction():
        steps.note_act("appeal.opened", case, actor=SYSTEM)
    assert [clock.kind for clock in clocks_of_case(case.pk)] == ["first_assessment", "appeal"]
    for nobody in (SYSTEM, Actor("token", id=ana.account_id), Actor("staff")):
        steps.note_part(case, "act", nobody)
    assert not Part.objects.exists(), "only people have a part"


def test_the_holder_and_nobody_else(make_case: MakeCase, cast: Cast) -> None:
    ana, bela = cast["ana"], cast["bela"]
    case = make_case("assessing", claimed_by_id=ana.account_id, claimed_until=NOW)
    for actor in (bela.actor, SYSTEM):
        with pytest.raises(CaseNotHeld):
            steps.demand_holder(case, actor)
        steps.renew_claim(case, actor)
        assert case.claimed_until == NOW
    with pytest.raises(CaseNotHeld):
        steps.demand_holder(make_case("assessing"), SYSTEM)
    with hotline_transaction():
        steps.demand_holder(case, ana.actor)
    assert case.claimed_until > NOW + timedelta(minutes=1)
    stored = Case.objects.get(pk=case.pk)
    assert stored.first_assessed_at == case.first_assessed_at is not None
    earlier = case.first_assessed_at = NOW - DAY
    steps.demand_holder(case, ana.actor)
    assert case.first_assessed_at == earlier, "the first time stays"
    free, late = make_case(), make_case(claimed_by_id=ana.account_id, claimed_until=NOW - DAY)
    stored.claimed_until = NOW + DAY
    stored.save()
    assert set(Case.objects.filter(steps.is_free(NOW)).values_list("pk", flat=True)) >= {free.pk, late.pk}
    assert not Case.objects.filter(steps.is_free(NOW), pk=case.pk).exists()
    steps.let_go(case)
    assert (case.claimed_by_id, case.claimed_until) == (None, None)
    with hotline_transaction():
        assert steps.locked_case(free.pk) == free
        with pytest.raises(NotFound, match=r"\bcase\b"):
            steps.locked_case(10**9)


def test_who_has_a_drawn_case_in_hand(make_case: MakeCase, cast: Cast) -> None:
    ana, case = cast["ana"], make_case("decided")
    row = SampledAssessment.objects.create(
        hotline_id=cast.hotline_id, case=case, first=look_at(case, cast["bela"].account_id), why="rate", drawn_at=NOW,
        state="taken", taken_by_id=ana.account_id,
    )  # fmt: skip
    assert steps.is_sampler(case, ana.actor)
    assert not steps.is_sampler(case, cast["carl"].actor)
    assert not steps.is_sampler(make_case("decided"), ana.actor)
    SampledAssessment.objects.filter(pk=row.pk).update(state="done")
    assert not steps.is_sampler(case, ana.actor)


def test_work_that_begins_anew_knows_nothing_of_what_was_decided(make_case: MakeCase, cast: Cast) -> None:
    ana = cast["ana"].account_id
    times = ("decided_at", "police_told_at", "host_told_at", "removed_at", "closed_at")
    case = make_case(
        "closed", cycle=2, outcome="illegal", close_reason=13, close_comment="x", first_assessor_id=ana, second_assessor_id=ana,
        in_adjudication=True, returned=True, claimed_by_id=ana, claimed_until=NOW, **dict.fromkeys(times, NOW),
    )  # fmt: skip
    steps.start_over(case)
    assert case.first_assessor_id is case.second_assessor_id is None
    case.save()
    case.refresh_from_db()
    assert (case.cycle, case.outcome, case.close_reason, case.close_comment) == (3, "", None, "")
    assert (case.first_assessor, case.second_assessor, case.claimed_by, case.claimed_until) == (None,) * 4
    assert (case.in_adjudication, case.returned) == (False, False)
    assert [getattr(case, name) for name in times] == [None] * 5
    assert case.priority > 0


def test_the_place_in_the_queue_follows_the_portals_rule(make_case: MakeCase, cast: Cast) -> None:
    monday = datetime(2026, 11, 23, 15, tzinfo=UTC)
    case = make_case(received_at=monday)
    steps.reprioritise(case)
    assert (band_of(case.priority), first_assessment_due_of(case.priority)) == (3, monday + DAY)
    case.known = True
    steps.reprioritise(case)
    assert band_of(case.priority) == 1
    case.urgent = True
    steps.reprioritise(case)
    assert (band_of(case.priority), first_assessment_due_of(case.priority)) == (0, monday + timedelta(hours=1))
    RuleVersion.objects.create(
        hotline_id=cast.hotline_id,
        portal_id=cast.portal_id,
        kind="urgent_assessment",
        number=1,
        amount=3,
        unit="hours",
        steps={"page": 0},
        since=NOW,
    )
    steps.reprioritise(case)
    assert first_assessment_due_of(case.priority) == monday + timedelta(hours=3)
    row = rule_of(cast.portal_id, "urgent_assessment")
    rules: dict[str, Any] = {"urgent_assessment": type(row)(None, row.kind, 1, Rule(2, "hours"))}
    steps.reprioritise(case, rules=rules)
    assert first_assessment_due_of(case.priority) == monday + timedelta(hours=2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "passed", "first", "agreed"),
    [
        ("ana", False, "", False),
        ("ana", False, "ana", False),
        ("ana", False, "bela", True),
        ("ana", True, "", False),
        ("otto", False, "ana", False),
        ("otto", True, "ana", False),
        ("carl", False, "", False),
        ("carl", True, "", True),
        ("carl", True, "carl", True),
        ("dora", True, "", False),
    ],
)
def test_what_a_reporter_called_urgent_ends_by_two_or_by_a_supervisor_once_the_police_have_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, who: str, passed: bool, first: str, agreed: bool
) -> None:
    by = cast[first].account_id if first else None
    case = Case(hotline_id=cast.hotline_id, passed_at=datetime.now(UTC) if passed else None, not_urgent_by_id=by)
    told = PoliceStanding(is_made=passed, referral_id=1, sent_at=case.passed_at, acknowledged_at=None, outcome="")
    monkeypatch.setattr(situations, "standing_of", lambda one: told if one is case else None)
    assert situations._not_urgent_is_agreed(case, Wanted(actor=cast[who].actor)) is agreed
    untold = replace(told, sent_at=None)
    monkeypatch.setattr(situations, "standing_of", lambda one: untold if one is case else None)
    by_two = agreed and first not in ("", who)
    assert situations._not_urgent_is_agreed(case, Wanted(actor=cast[who].actor)) is by_two, "passed on is not told"


def test_what_child_protection_was_told_is_open_until_its_newest_outcome(make_case: MakeCase, cast: Cast) -> None:
    case = make_case("acting")
    assert told(case, "close", "protection_is_owed", reason="1") is False
    notice_case = NoticeCase.objects.create(
        hotline_id=cast.hotline_id, portal_id=cast.portal_id, case_id=case.pk, location_id=case.location_id, brief={},
        started_at=NOW,
    )  # fmt: skip

    def tell(outcome: str) -> None:
        Referral.objects.create(
            hotline_id=cast.hotline_id, portal_id=cast.portal_id, notice_case=notice_case, case_id=case.pk,
            reference=case.reference, created_at=NOW, kind="protection", outcome=outcome,
        )  # fmt: skip

    owed = []
    for outcome in ("child_safe", "", "passed_on"):
        tell(outcome)
        owed.append(told(case, "close", "protection_is_owed", reason="1"))
    assert owed == [False, True, False]
