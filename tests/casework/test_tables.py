"""Small tables of the desk, each row by itself: what a reporter reads, what the police are owed, what follows, what merges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leeward.casework.acting.rules.plan import place_of, what_follows
from leeward.casework.acting.rules.police import Urgent, are_owed, is_one, may_be_informed, moment_of
from leeward.casework.assessment.rules.rerun import changed_verdicts, verdicts_of
from leeward.casework.assessment.rules.sampling import is_sampled
from leeward.casework.assessment.rules.second_assessment import AssessmentResult, differences, ends_differ
from leeward.casework.assessment.rules.seen import how_seen
from leeward.casework.bulk.rules import Forecast, Standing, can_join, forecast
from leeward.casework.exposure.rules.reveal import Glimpse, glimpse_of, may_show, more_of, page_of, pages_to_choose
from leeward.casework.merging.rules import (
    Kind,
    Mergeable,
    Obstacle,
    kind_of,
    obstacle,
    state_after_undoing,
    stops_outside,
)
from leeward.casework.queue.rules.again import needs_reassessment
from leeward.casework.queue.rules.cells import cell
from leeward.casework.queue.rules.fair import Colleague, Left, Work, in_order, left_by
from leeward.casework.queue.rules.priority import band_of, first_assessment_due_of, late_bounds, priority_key
from leeward.casework.rules.clocks import Awaited, Timed, Times, first_assessment_due, rule_kind_of, timed
from leeward.casework.rules.coarse import Seen, Shown, coarse, coarse_for, done_before
from leeward.casework.rules.reasons import REASONS, describes_content, fits, needs_comment, proven_end, reasons_for
from leeward.casework.rules.transitions import (
    ASKABLE,
    Barred,
    Refusal,
    Situation,
    Transition,
    _line,
    _only_if,
    acts_from,
    asked_by,
    transition,
)
from leeward.clocks.rules.due import Calendar
from leeward.laws.rules.facts import Facts
from leeward.notices.rules.briefs import Plan

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (Seen("received"), ("received", "")),
        (Seen("triaged", was_assessed=True), ("looking", "")),
        (Seen("triaged", was_assessed=True, appealed=True), ("looking", "review")),
        (Seen("triaged", appealed=True), ("received", "")),
        (Seen("assessing"), ("looking", "")),
        (Seen("second_assessment", appealed=True), ("looking", "review")),
        (Seen("decided", appealed=True, came_back=True), ("looking", "again")),
        *((Seen(state, police_told=True), ("acted", "forwarded")) for state in ("received", "triaged", "assessing", "second_assessment")),
        (Seen("triaged", police_told=True, was_assessed=True), ("acted", "read")),
        (Seen("decided", police_told=True), ("looking", "")),
        (Seen("acting"), ("acted", "")),
        (Seen("acting", police_told=True), ("acted", "police_told")),
        (Seen("acting", police_told=True, abroad_told=True), ("acted", "abroad")),
        (Seen("monitoring", host_told=True), ("acted", "host_told")),
        (Seen("removed", police_told=True, host_told=True), ("acted", "police_and_host")),
        (Seen("acting", abroad_told=True), ("acted", "")),
        (Seen("forwarded", police_told=True), ("closed", "forwarded")),
        (Seen("forwarded", "not_illegal"), ("closed", "forwarded")),
        (Seen("closed", was_withdrawn=True, was_removed=True), ("closed", "withdrawn")),
        (Seen("closed", "illegal", was_removed=True), ("closed", "removed")),
        (Seen("closed", "illegal", police_told=True), ("closed", "forwarded")),
        (Seen("closed", "", police_told=True), ("closed", "forwarded")),
        (Seen("closed", "illegal"), ("closed", "other")),
        (Seen("closed", "not_illegal", police_told=True), ("closed", "not_illegal")),
        (Seen("closed", "not_illegal", close_reason=14, police_told=True), ("closed", "adults")),
        (Seen("closed", "illegal", close_reason=13, police_told=True), ("closed", "removed_before_assessment")),
        (Seen("closed", "out_of_scope", close_reason=1), ("closed", "out_of_scope")),
        (Seen("closed", "", close_reason=1), ("closed", "other")),
    ],
)  # fmt: skip
def test_what_a_receipt_shows(seen: Seen, told: tuple[str, str]) -> None:
    assert coarse(seen) == told


RECEIVED = Shown("received", "", since=NOON, came_at=NOON, is_passed=False)
PASSED = replace(RECEIVED, is_passed=True)
BEFORE = NOON - timedelta(seconds=1)
TOLD = Seen("acting", "illegal", police_told=True)


@pytest.mark.parametrize(
    ("seen", "shown", "told"),
    [
        (Seen("forwarded"), RECEIVED, ("closed", "forwarded")),
        # nobody has read what this reporter said, unless it is assessed since
        (Seen("assessing"), RECEIVED, ("received", "")),
        (Seen("assessing", first_assessed_at=BEFORE), RECEIVED, ("received", "")),
        (Seen("second_assessment", first_assessed_at=NOON), RECEIVED, ("looking", "")),
        (Seen("assessing"), replace(RECEIVED, state="looking"), ("looking", "")),
        # passed on to the police with this very report in it
        (Seen("triaged", police_told=True, police_sent_at=NOON), PASSED, ("acted", "forwarded")),
        (Seen("triaged", police_told=True, police_sent_at=BEFORE), PASSED, ("received", "")),
        (Seen("triaged", police_told=True), PASSED, ("received", "")),
        (Seen("triaged", police_sent_at=NOON), PASSED, ("received", "")),
        (Seen("triaged", police_told=True, police_sent_at=NOON), RECEIVED, ("received", "")),
        (Seen("triaged", police_told=True), replace(PASSED, state="acted"), ("acted", "forwarded")),
        (Seen("assessing", police_told=True), replace(RECEIVED, state="looking"), ("looking", "")),
        (Seen("assessing", "illegal", police_told=True), replace(RECEIVED, state="looking"), ("acted", "forwarded")),
        # what was decided counts for those that came before
        (TOLD, RECEIVED, ("received", "")),
        (replace(TOLD, decided_at=BEFORE), RECEIVED, ("received", "")),
        (replace(TOLD, decided_at=NOON), RECEIVED, ("acted", "police_told")),
        (TOLD, replace(RECEIVED, state="looking"), ("acted", "police_told")),
        (TOLD, replace(RECEIVED, state="acted", reason="police_told"), ("acted", "police_told")),
        (Seen("acting", police_told=True), replace(RECEIVED, state="looking"), ("acted", "")),
        # what was only passed on stays that, until it is decided or closed
        (TOLD, replace(PASSED, state="acted", reason="forwarded"), ("acted", "forwarded")),
        (TOLD, replace(PASSED, state="acted", reason="read"), ("acted", "forwarded")),
        (replace(TOLD, was_assessed=True), replace(PASSED, state="acted", reason="read"), ("acted", "read")),
        (replace(TOLD, decided_at=NOON), replace(PASSED, state="acted", reason="read"), ("acted", "police_told")),
        (replace(TOLD, closed_at=NOON), RECEIVED, ("received", "")),
        # closed since, but not for what this reporter said: no more than that it is closed
        (Seen("closed", "not_illegal", closed_at=NOON), RECEIVED, ("closed", "")),
        (Seen("closed", "not_illegal", closed_at=BEFORE), RECEIVED, ("received", "")),
        (Seen("closed", "illegal", closed_at=NOON, was_removed=True), RECEIVED, ("closed", "removed")),
        (Seen("closed", "illegal", closed_at=NOON, was_withdrawn=True), RECEIVED, ("closed", "withdrawn")),
        (replace(TOLD, state="closed", closed_at=NOON, police_sent_at=NOON), PASSED, ("closed", "forwarded")),
        (replace(TOLD, state="closed", closed_at=BEFORE, police_sent_at=NOON), PASSED, ("acted", "forwarded")),
        (Seen("closed", "not_illegal", decided_at=NOON), RECEIVED, ("closed", "not_illegal")),
    ],
)
def test_a_reporter_is_told_nothing_that_was_done_before_or_for_another(
    seen: Seen, shown: Shown, told: tuple[str, str]
) -> None:
    assert coarse_for(seen, shown, by_person=False) == told


@pytest.mark.parametrize(
    ("seen", "shown", "before", "told"),
    [
        (Seen("triaged"), RECEIVED, "police_told", ("acted", "police_told")),
        (Seen("assessing"), replace(RECEIVED, state="looking"), "police_and_host", ("acted", "police_and_host")),
        (
            Seen("acting", "illegal", host_told=True, decided_at=NOON),
            RECEIVED,
            "police_told",
            ("acted", "police_and_host"),
        ),
        (Seen("acting", "illegal", decided_at=NOON), RECEIVED, "host_told", ("acted", "host_told")),
        (Seen("triaged", police_told=True, police_sent_at=NOON), PASSED, "host_told", ("acted", "forwarded")),
        (Seen("closed", "not_illegal", decided_at=NOON), RECEIVED, "police_told", ("closed", "not_illegal")),
        (Seen("triaged"), RECEIVED, "", ("received", "")),
        (Seen("assessing", appealed=True), replace(RECEIVED, state="looking"), "host_told", ("acted", "host_told")),
    ],
)
def test_what_another_hotline_has_done_stays_true_on_the_receipt(
    seen: Seen, shown: Shown, before: str, told: tuple[str, str]
) -> None:
    assert coarse_for(seen, replace(shown, before=before), by_person=False) == told


def test_what_another_hotline_has_done_is_a_reason_of_the_receipt() -> None:
    assert [done_before(one) for one in ((), ("police_told",), ("host_told", "removed"), ("police_told", "host_told"))] == [
        "", "police_told", "host_told", "police_and_host",
    ]  # fmt: skip


def test_whoever_does_something_with_everything_that_came_in_has_read_it() -> None:
    assert coarse_for(Seen("assessing"), RECEIVED, by_person=True) == ("looking", "")
    assert coarse_for(TOLD, RECEIVED, by_person=True) == ("acted", "police_told")
    assert coarse_for(Seen("triaged", police_told=True), RECEIVED, by_person=True) == ("received", "")


def urgent(moment: str = "at_once", **more: bool) -> Urgent:
    known = {"is_judged": False, "is_passed": True, "is_made": True, "is_settled": True}
    return Urgent(moment=moment, **known | more)


def test_an_urgent_case_is_open_until_the_police_have_it_and_say_what_came_of_it() -> None:
    assert not are_owed(urgent())
    assert are_owed(urgent(is_passed=False))
    assert are_owed(urgent(is_settled=False))
    late = "after_assessment"
    nothing = {"is_passed": False, "is_settled": False}
    assert not are_owed(urgent(late, is_made=False, **nothing)), "they hear of it only if it is found illegal"
    assert are_owed(urgent(late, is_made=True, **nothing))
    assert are_owed(urgent(late, is_made=False, is_judged=True, **nothing))
    assert are_owed(urgent("after_look", is_made=False, **nothing))
    assert [may_be_informed(urgent(moment)) for moment in ("at_once", "after_look", late)] == [True, True, False]
    assert may_be_informed(urgent(late, is_judged=True))


def test_a_persons_own_picture_waits_for_no_assessment() -> None:
    late = {"on_danger": "after_assessment", "on_urgent": "after_assessment", "is_post_box": False}
    assert moment_of((), **late, is_quiet=False, is_wished=False) == "after_assessment"
    assert moment_of((), **late, is_quiet=False, is_wished=True) == "after_look"
    soon = {"on_danger": "at_once", "on_urgent": "at_once", "is_post_box": False}
    assert moment_of((), **soon, is_quiet=False, is_wished=True) == "at_once"
    assert moment_of((), **soon, is_quiet=True, is_wished=False) == "after_assessment"


def test_when_the_police_are_told_follows_the_gravest_reason() -> None:
    nothing = {"is_quiet": False, "is_wished": False}
    chosen = {"on_danger": "at_once", "on_urgent": "after_look", **nothing}
    assert moment_of({"danger", "threat"}, is_post_box=False, **chosen) == "at_once"
    assert moment_of({"threat"}, is_post_box=False, **chosen) == "after_look"
    assert moment_of((), is_post_box=False, **chosen) == "after_look"
    assert moment_of((), is_post_box=True, on_danger="after_look", on_urgent="after_look", **nothing) == "at_once"
    for is_post_box in (True, False):
        taken_back = moment_of(
            {"withdrawn", "danger"}, is_post_box=is_post_box, on_danger="at_once", on_urgent="at_once", **nothing
        )
        assert taken_back == "after_look", "a person decides"
    assert [is_one(urgency) for urgency in ("danger", "contact", "threat", "marked", "")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("country", "behind", "kind", "place"),
    [
        ("jm", "", "url", "here"), ("JM", "a shield", "url", "here"), (None, "a shield", "url", "cdn"),
        ("CA", "", "url", "abroad"), (None, "", "url", "unknown"),
        ("JM", "", "magnet", "no_host"), (None, "", "onion", "no_host"), ("CA", "", "onion", "abroad"), ("", "", "url", "unknown"),
    ],
)  # fmt: skip
def test_where_a_thing_is(country: str | None, behind: str, kind: str, place: str) -> None:
    assert place_of(country=country, home="JM", behind=behind, kind=kind) == place


@pytest.mark.parametrize(
    ("place", "kind", "can", "steps"),
    [
        ("here", "url", (True, False, True), ("police", "host", "checks")),
        ("here", "url", (False, False, True), ("police", "no_host", "checks")),
        ("cdn", "onion", (True, False, False), ("police", "shield", "checks")),
        ("abroad", "url", (True, False, True), ("police", "foreign", "checks")),
        ("abroad", "url", (True, True, True), ("police", "foreign", "host", "checks")),
        ("abroad", "url", (True, False, False), ("police", "no_foreign", "host", "checks")),
        ("abroad", "url", (False, True, False), ("police", "no_foreign", "no_host", "checks")),
        ("abroad", "url", (False, True, True), ("police", "foreign", "checks")),
        ("no_host", "magnet", (False, True, True), ("police", "no_host", "no_checks")),
    ],
)
def test_whom_to_tell(place: str, kind: str, can: tuple[bool, bool, bool], steps: tuple[str, ...]) -> None:
    host, foreign_hosts, abroad = can
    found = what_follows(
        place,
        kind,
        can_tell_host=host,
        writes_to_foreign_hosts=foreign_hosts,
        can_tell_abroad=abroad,
        is_quiet=False,
        is_with_hotline_there=False,
    )
    assert found.steps == steps
    assert (found.plan.police, found.plan.host, found.plan.foreign) == (
        True, bool({"host", "shield"} & set(steps)), place == "abroad",
    )  # fmt: skip


@pytest.mark.parametrize("is_known", [True, False])
def test_a_hotline_that_has_it_by_the_exchange_gets_no_letter_too(*, is_known: bool) -> None:
    found = what_follows(
        "abroad",
        "url",
        can_tell_host=True,
        writes_to_foreign_hosts=False,
        can_tell_abroad=is_known,
        is_quiet=False,
        is_with_hotline_there=True,
    )
    assert found.steps == ("police", "peer", "checks")
    assert (found.plan.police, found.plan.host, found.plan.foreign) == (True, False, False)


@pytest.mark.parametrize("place", ["here", "abroad", "cdn", "unknown"])
def test_a_picture_that_the_person_shown_wants_removed_only_is_asked_of_the_host_alone(place: str) -> None:
    """Also abroad, where those in charge may be the police; and whatever the hotline does otherwise about hosts there."""
    never = {"writes_to_foreign_hosts": False, "can_tell_abroad": True, "is_quiet": True}
    found = what_follows(place, "url", can_tell_host=True, is_with_hotline_there=False, **never)
    assert (found.steps, found.plan) == (("quiet", "host_at_once", "checks"), Plan(police=False, host=True))
    found = what_follows(place, "url", can_tell_host=False, is_with_hotline_there=True, **never)
    assert (found.steps, found.plan) == (("quiet", "peer", "no_host", "checks"), Plan(police=False, host=False))


def test_who_wants_the_police_not_informed_has_no_step_with_them() -> None:
    can = {"can_tell_host": False, "writes_to_foreign_hosts": False, "can_tell_abroad": False}
    for is_quiet, steps in ((True, ("quiet", "no_host", "no_checks")), (False, ("police", "no_host", "no_checks"))):
        found = what_follows("no_host", "words", **can, is_quiet=is_quiet, is_with_hotline_there=False)
        assert (found.steps, found.plan.police) == (steps, not is_quiet)


ONE = Mergeable(1, "acting", "illegal", NOON)
OTHER = Mergeable(2, "acting", "illegal", NOON - DAY)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({}, {}, None),
        ({"id": 2}, {}, Obstacle.ITSELF),
        ({"is_merged": True}, {"is_merged": True}, Obstacle.MERGED),
        ({}, {"is_merged": True}, Obstacle.OTHER_MERGED),
        ({"state": "triaged"}, {"state": "closed"}, Obstacle.OTHER_CLOSED),
        ({"state": "triaged", "is_taken": True}, {}, Obstacle.TAKEN),
        ({"state": "received"}, {"state": "assessing"}, None),
        ({"state": "assessing"}, {}, Obstacle.UNFINISHED),
        ({"in_adjudication": True}, {}, Obstacle.UNFINISHED),
        ({"state": "closed", "outcome": "", "decided_at": None}, {}, Obstacle.UNDECIDED),
        ({}, {"state": "triaged", "outcome": "", "decided_at": None}, Obstacle.OTHER_UNDECIDED),
        ({}, {"in_adjudication": True}, Obstacle.OTHER_UNDECIDED),
        ({"is_taken": True}, {}, Obstacle.TAKEN),
        ({"is_held": True}, {}, Obstacle.HELD),
        ({}, {"is_held": True}, None),
        ({"is_owed": True}, {}, None),
        ({"is_owed": True}, {"state": "closed"}, Obstacle.OTHER_CLOSED),
        ({"is_owed": True, "state": "removed"}, {"state": "removed"}, None),
        ({"asked_by": frozenset({("host", 1)})}, {"asked_by": frozenset({("host", 1), ("host", 2)})}, Obstacle.APPEALED_TWICE),
        ({"asked_by": frozenset({("host", 1)})}, {"asked_by": frozenset({("host", 2)})}, None),
        ({}, {"state": "removed"}, Obstacle.STILL_RUNS),
        ({"state": "removed"}, {"state": "removed"}, None),
        ({"decided_at": NOON - 2 * DAY}, {}, Obstacle.EARLIER),
        ({"decided_at": NOON - DAY}, {}, Obstacle.EARLIER),
        ({"decided_at": NOON - 2 * DAY}, {"outcome": "not_illegal", "state": "closed"}, None),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_of_a_merge(one: dict, other: dict, why: Obstacle | None) -> None:
    assert obstacle(replace(ONE, **one), replace(OTHER, **other)) is why


def test_what_kind_of_merge_it_is_and_what_it_ends() -> None:
    assert kind_of(replace(ONE, state="triaged"), OTHER) is Kind.WAITS
    assert kind_of(ONE, replace(OTHER, state="triaged", outcome="", decided_at=None)) is Kind.WAITS
    assert kind_of(ONE, OTHER) is Kind.ALIKE
    assert kind_of(ONE, replace(OTHER, outcome="not_illegal")) is Kind.OVER
    assert stops_outside(ONE, Kind.OVER)
    assert not stops_outside(ONE, Kind.ALIKE)
    assert not stops_outside(replace(ONE, outcome="not_illegal"), Kind.OVER)
    assert [state_after_undoing(state, was_stopped=True) for state in ("acting", "monitoring", "removed", "closed")] == [
        "decided", "decided", "decided", "closed",
    ]  # fmt: skip
    assert state_after_undoing("acting", was_stopped=False) == "acting"


def test_a_new_report_of_what_was_closed() -> None:
    at = {"closed_at": NOON - 7 * DAY, "now": NOON, "is_watched": False}
    assert needs_reassessment(outcome="not_illegal", **at)
    assert not needs_reassessment(outcome="not_illegal", **at | {"closed_at": NOON - 7 * DAY + timedelta(seconds=1)})
    assert needs_reassessment(outcome="not_illegal", **at | {"closed_at": None})
    for outcome in ("not_found", "insufficient", ""):
        assert needs_reassessment(outcome=outcome, **at | {"closed_at": NOON})
    assert needs_reassessment(outcome="illegal", **at)
    assert not needs_reassessment(outcome="illegal", **at | {"is_watched": True})


def test_the_order_of_the_queue_holds_its_band_and_its_time() -> None:
    keys = [
        priority_key(urgent=urgent, known=known, first_assessment_due=NOON, commercial=paid)
        for urgent, known, paid in (
            (True, True, True),
            (True, False, True),
            (False, True, True),
            (False, False, True),
            (False, False, False),
        )
    ]
    assert [band_of(key) for key in keys] == [0, 0, 1, 2, 3]
    assert {first_assessment_due_of(key) for key in keys} == {NOON}
    assert keys[-1] == priority_key(urgent=False, known=False, first_assessment_due=NOON)
    assert priority_key(urgent=True, known=False, first_assessment_due=datetime(1960, 1, 1, tzinfo=UTC)) == 0
    bounds = late_bounds(NOON)
    assert [low <= key < high for key, (low, high) in zip(keys[1:], bounds, strict=True)] == [False] * 4
    late = late_bounds(NOON + timedelta(seconds=1))
    assert [low <= key < high for key, (low, high) in zip(keys[1:], late, strict=True)] == [True] * 4
    assert late_bounds(datetime(1960, 1, 1, tzinfo=UTC))[0] == (0, 0)


def test_which_clocks_a_case_has() -> None:
    times = Times(NOON)
    assert timed(times, tells_host=True) == [
        Timed("first_assessment", NOON, None),
        Timed("police_told", None, None, "decision"),
        Timed("host_told", None, None, "police"),
        Timed("removed", None, None, "asking"),
    ]
    told = Times(NOON, None, NOON, NOON + DAY, NOON + 2 * DAY, NOON + 3 * DAY, NOON + 4 * DAY)
    asked = Awaited("appeal", NOON, NOON + DAY, 7)
    assert timed(told, tells_host=True, awaited=[asked]) == [
        Timed("first_assessment", NOON, NOON),
        Timed("police_told", NOON + DAY, NOON + 2 * DAY),
        Timed("host_told", NOON + 2 * DAY, NOON + 3 * DAY),
        Timed("removed", NOON + 3 * DAY, NOON + 4 * DAY),
        Timed("appeal", NOON, NOON + DAY, "", 7),
    ]
    quiet = timed(replace(told, police_told_at=None), tells_host=True, tells_police=False)
    assert [(one.kind, one.started_at) for one in quiet] == [
        ("first_assessment", NOON), ("host_told", NOON + DAY), ("removed", NOON + 3 * DAY),
    ]  # fmt: skip
    assert timed(times, tells_host=True, tells_police=False)[1] == Timed("host_told", None, None, "decision")
    alone = timed(replace(told, host_told_at=None, decided_at=None, police_due_from=NOON), tells_host=False)
    assert [(one.kind, one.started_at) for one in alone] == [
        ("first_assessment", NOON), ("police_told", NOON), ("removed", NOON + 2 * DAY),
    ]  # fmt: skip
    assert [rule_kind_of(kind, urgent=True) for kind in ("first_assessment", "appeal")] == [
        "urgent_assessment",
        "appeal",
    ]
    assert rule_kind_of("first_assessment", urgent=False) == "first_assessment"
    assert first_assessment_due(NOON, urgent=True, calendar=Calendar()) == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, ""), (True, "yes"), (False, "no"), (7, "7"), ("a\nb\x00c", "a b c"), ("=1+1", "'=1+1"), (" +1", "' +1"),
        ("\t=1", "' =1"), ("\r1", "' 1"), ("a=1", "a=1"), ("\uff1d1", "'\uff1d1"), ("-", "'-"), ("@x", "'@x"),
    ],
)  # fmt: skip
def test_no_cell_is_run_as_a_formula(value: object, kept: str) -> None:
    assert cell(value) == kept


def test_who_gets_a_case_first() -> None:
    team = [
        Colleague(1, held=10), Colleague(2, is_away=True), Colleague(3, used=1.0), Colleague(4, is_stopped=True),
        Colleague(5, ("fr",), held=1), Colleague(6, ("en",), held=2), Colleague(7, ("en",), ("JM",), held=3),
        Colleague(8, ("en",), ("JM",), held=3, used=0.5), Colleague(9, held=9, used=0.9),
    ]  # fmt: skip
    assert [one.id for one in in_order(Work("en", "JM"), team)] == [7, 8, 6, 9, 5]
    assert [one.id for one in in_order(Work("en", "JM", barred=frozenset({7})), team)] == [8, 6, 9, 5]
    assert [one.id for one in in_order(Work("en", "JM", urgent=True), team)] == [7, 8, 6, 9, 5, 4, 3, 1]
    assert [one.id for one in in_order(Work(), team)] == [5, 6, 7, 8, 9]
    assert left_by(5, team) == Left(frozenset({"en"}), frozenset())
    assert left_by(7, team) == Left(frozenset({"fr"}), frozenset())
    assert left_by(9, team) == left_by(99, team) == Left()
    assert left_by(8, [*team, Colleague(10, ("ht",), ("HT",))]) == Left(frozenset({"fr", "ht"}), frozenset({"HT"}))


def test_reasons_and_what_fetches_prove() -> None:
    assert [reason.number for reason in reasons_for("not_illegal")][-1] == 1
    assert fits(14, "not_illegal")
    assert not fits(14, "not_found")
    assert not fits(99, "not_found")
    assert [needs_comment(number) for number in (1, 14)] == [True, False]
    assert [number for number in REASONS if describes_content(number)] == [14, 15, 17, 18, 21]
    assert [proven_end(seen) for seen in ((404, 410), (410, 404, 200), (404,), (404, 200), (0, 404), ())] == [
        "not_found:9", "not_found:9", "", "", "", "",
    ]  # fmt: skip
    kept = verdicts_of([{"country": "JM", "verdict": "likely"}, {"country": "CA", "verdict": "unlikely"}])
    assert kept == {"JM": "likely", "CA": "unlikely"}
    assert changed_verdicts(kept, {"JM": "unclear", "CA": "unlikely"}) == [("JM", "likely", "unclear")]


def test_nobody_outside_can_tell_which_case_is_in_the_sample() -> None:
    names = [f"2026-{number:04}" for number in range(1000)]
    drawn = {name for name in names if is_sampled(name, secret=b"one", percent=10)}
    assert 60 < len(drawn) < 140
    assert {name for name in drawn if name < "2026-0060"} == {"2026-0001", "2026-0018", "2026-0032", "2026-0038"}, (
        "for good"
    )
    assert drawn != {name for name in names if is_sampled(name, secret=b"other", percent=10)}
    assert not [name for name in names if is_sampled(name, secret=b"one", percent=0)]
    assert all(is_sampled(name, secret=b"one", percent=100) for name in names)


def test_what_many_at_once_lead_to() -> None:
    free = Standing("triaged", is_mine=False, is_taken=False, is_urgent=False, shows_content=True)
    plain = AssessmentResult("illegal", Facts(medium="photograph", age_band="7-10", act="uk_c"))
    assert forecast(free, plain, is_stopped=False) == Forecast(act="find_illegal")
    assert [can_join(replace(free, state=state)) for state in ("assessing", "second_assessment", "received", "closed")] == [
        "", "not_waiting", "not_waiting", "not_waiting",
    ]  # fmt: skip
    assert forecast(replace(free, state="closed"), plain, is_stopped=False) == Forecast(refusal="not_waiting")
    assert can_join(replace(free, is_taken=True)) == "case_is_taken"
    assert can_join(replace(free, is_taken=True, is_mine=True)) == ""
    assert forecast(free, plain, is_stopped=True) == Forecast(refusal="nothing_new_now")
    assert forecast(replace(free, is_mine=True), plain, is_stopped=True).act == "find_illegal"
    for is_mine in (False, True):
        urgent = replace(free, is_urgent=True, is_taken=is_mine, is_mine=is_mine)
        assert forecast(urgent, plain, is_stopped=False) == Forecast(refusal="urgent_alone")
    for missing in (Facts(medium="photograph"), Facts(act="uk_c")):
        assessment = AssessmentResult("illegal", missing)
        assert forecast(free, assessment, is_stopped=False) == Forecast(refusal="facts_missing")
        assert not forecast(replace(free, shows_content=False), assessment, is_stopped=False).refusal
        assert not forecast(free, replace(assessment, outcome="not_found"), is_stopped=False).refusal


def test_how_it_was_seen() -> None:
    assert how_seen(files_shown=1, elsewhere="police", is_record=True) == "preview"
    assert how_seen(files_shown=0, elsewhere="police", is_record=True) == "police"
    assert how_seen(files_shown=0, elsewhere="preview", is_record=True) == "record"
    assert how_seen(files_shown=0, elsewhere="", is_record=False) == "unseen"


@pytest.mark.parametrize("wish", ["", "10", "25x", "25c@0", "25@", "125", "25@1234567", " 25"])
def test_what_is_no_wish_for_a_picture(wish: str) -> None:
    with pytest.raises(ValueError, match="^" + wish.replace(" ", r"\s") + "$"):
        glimpse_of(wish)


def test_how_much_of_a_picture_comes_when() -> None:
    quarter, half, clear_half = Glimpse(), Glimpse(50), Glimpse(50, blurred=False)
    assert [str(one) for one in (quarter, clear_half, Glimpse(100, page=3), Glimpse(25, blurred=False, page=2))] == [
        "25", "50c", "100@3", "25c@2",
    ]  # fmt: skip
    assert glimpse_of("100c@2") == Glimpse(100, blurred=False, page=2)
    assert glimpse_of("50") == half
    assert may_show(quarter, [])
    assert not may_show(half, [])
    assert may_show(half, [quarter])
    assert not may_show(clear_half, [quarter])
    assert may_show(clear_half, [Glimpse(100)])
    assert not may_show(clear_half, [Glimpse(100, blurred=False)]), "clear is what was seen blurred"
    assert not may_show(Glimpse(10), [quarter])
    assert more_of(quarter, [quarter]) == [half, Glimpse(100), Glimpse(25, blurred=False)]
    assert more_of(Glimpse(25, blurred=False), [quarter]) == [half]
    assert more_of(Glimpse(25, blurred=False), [quarter, half]) == [clear_half]
    assert more_of(Glimpse(100, blurred=False), [Glimpse(100)]) == []
    assert page_of(clear_half, 4) == Glimpse(50, page=4)
    assert list(pages_to_choose(2)) == [1, 2]
    assert list(pages_to_choose(31)) == list(range(1, 32, 2))


def test_in_what_two_differ() -> None:
    first, second = (
        AssessmentResult("illegal", Facts(act="uk_a", sex="male")),
        AssessmentResult("illegal", Facts(act="uk_b", sex="female")),
    )
    assert differences(first, first) == ()
    assert differences(first, replace(first, outcome="not_illegal")) == ("outcome",)
    assert differences(first, second)[:1] == ("level",)
    assert set(differences(first, second)) == {"level", "act", "sex"}
    assert ends_differ("illegal", "not_illegal")
    assert ends_differ("not_found", "illegal")
    assert not ends_differ("not_found", "not_illegal")
    assert not ends_differ("illegal", "illegal")
    assert not ends_differ("unsure", "illegal")
    assert not ends_differ("illegal", "unsure")


def test_a_line_of_the_table_says_who_is_barred_and_whether_a_reason_is_needed() -> None:
    assert _line("a", "b", "c", "p") == Transition("a", "b", "c", "p", "", Barred.NOBODY, reason_required=False)
    assert _line("a", "b", "c", "p", "g", "second") == Transition("a", "b", "c", "p", "g", Barred.THIS_TURN)
    assert _line("a", "b", "c", "p", "g", "third", "reason") == Transition("a", "b", "c", "p", "g", Barred.EVER, reason_required=True)  # fmt: skip
    guard = _only_if("is_held", False, Refusal.WAITS_FOR_OTHERS)
    assert guard.asks == ("is_held",)
    unknown = Situation(**dict.fromkeys(ASKABLE))
    assert guard.refuse(replace(unknown, is_held=False)) is None
    assert guard.refuse(replace(unknown, is_held=True)) is Refusal.WAITS_FOR_OTHERS
    assert guard.refuse(unknown) is Refusal.WAITS_FOR_OTHERS
    assert transition("triaged", "claim") == _line("triaged", "claim", "assessing", "case.claim")
    assert transition("triaged", "fly") is transition("nowhere", "claim") is None
    assert acts_from("forwarded") == ("reopen", "report_again")
    assert asked_by(_line("a", "b", "closed", "p", "nothing_open", "third")) == {
        "reason", "had_part", "police_are_owed", "protection_is_owed", "is_held", "is_appealed",
    }  # fmt: skip
    assert asked_by(_line("closed", "merge", "closed", "p", "not_held")) == {"reason", "is_held"}
