"""The one table of what can happen to a case. Every change of a case's state is looked up here first."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum

from leeward.casework.rules.states import LAST_STATES, OPEN_STATES, STATES, Stage, states_in

SYSTEM = "system"


class Refusal(StrEnum):
    """Why a step can't be taken."""

    NO_SUCH_STEP = "no_such_step"
    NEEDS_REASON = "needs_reason"
    NEEDS_ANOTHER_PERSON = "needs_another_person"
    NOT_A_POST_BOX = "not_a_post_box"
    REPORTS_REMAIN = "reports_remain"
    NEEDS_SECOND_ASSESSMENT = "needs_second_assessment"
    NEEDS_NO_SECOND_ASSESSMENT = "needs_no_second_assessment"
    OPINIONS_DIFFER = "opinions_differ"
    OPINIONS_AGREE = "opinions_agree"
    NOT_IN_ADJUDICATION = "not_in_adjudication"
    WAITS_FOR_OTHERS = "waits_for_others"
    IS_WATCHED = "is_watched"
    WAS_NOT_ILLEGAL = "was_not_illegal"
    SEEN_RECENTLY = "seen_recently"
    NOT_A_KNOWN_FILE = "not_a_known_file"
    IS_MERGED = "is_merged"
    NOT_MERGED = "not_merged"
    POLICE_ARE_OWED = "police_are_owed"
    POLICE_NOT_OWED = "police_not_owed"
    POLICE_NOT_SETTLED = "police_not_settled"
    POLICE_ONLY_AFTER = "police_only_after"
    PROTECTION_IS_OWED = "protection_is_owed"
    PASSED_ALREADY = "passed_already"
    NOT_URGENT = "not_urgent"
    NOT_URGENT_TAKES_TWO = "not_urgent_takes_two"
    URGENT_ALREADY = "urgent_already"
    NOTHING_URGENT_SINCE = "nothing_urgent_since"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that a guard may ask about. No field has a default: None means unknown, and a guard refuses that."""

    reason: str
    had_part: bool | None
    is_post_box: bool | None
    reports_left: int | None
    is_grave: bool | None
    is_unsure: bool | None
    assessments_agree: bool | None
    in_adjudication: bool | None
    is_held: bool | None
    is_appealed: bool | None
    is_watched: bool | None
    was_illegal: bool | None
    needs_reassessment: bool | None
    is_known_file: bool | None
    is_merged: bool | None
    is_urgent: bool | None
    is_reported_urgent: bool | None
    not_urgent_is_agreed: bool | None
    is_urgent_again: bool | None
    is_passed: bool | None
    police_may_be_informed: bool | None
    police_are_owed: bool | None
    protection_is_owed: bool | None
    is_settled: bool | None


ASKABLE = tuple(field.name for field in fields(Situation))


class Barred(StrEnum):
    """Who is barred from a step: nobody; people with a part in this cycle of the work; people who ever had one."""

    NOBODY = ""
    THIS_TURN = "this turn"
    EVER = "ever"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table: in state `source`, act `act` leads to `target`.

    `permission` is an act of the table of permissions, or `system` for what only the system does; `guard` names a test
    in GUARDS; `barred` says who can't take the step because of their part in the case.
    """

    source: str
    act: str
    target: str
    permission: str
    guard: str = ""
    barred: Barred = Barred.NOBODY
    reason_required: bool = False


def _line(source: str, act: str, target: str, permission: str, guard: str = "", *marks: str) -> Transition:
    barred = Barred.EVER if "third" in marks else Barred.THIS_TURN if "second" in marks else Barred.NOBODY
    return Transition(source, act, target, permission, guard, barred, "reason" in marks)


_DECIDED = states_in(Stage.DECIDED, Stage.ACTED)

TABLE = (
    _line("received", "prepare", "triaged", SYSTEM),
    _line("received", "forward", "forwarded", SYSTEM, "is_post_box"),
    _line("received", "withdraw", "closed", SYSTEM, "no_report_left"),
    _line("triaged", "claim", "assessing", "case.claim"),
    _line("triaged", "match_known", "decided", SYSTEM, "is_known_file"),
    _line("triaged", "forward", "forwarded", SYSTEM, "is_post_box"),
    _line("triaged", "withdraw", "closed", SYSTEM, "no_report_left"),
    _line("assessing", "give_back", "triaged", "case.claim"),
    _line("assessing", "find_illegal", "decided", "case.assess", "first_assessment_is_enough"),
    _line("assessing", "find_other", "closed", "case.assess", "first_assessment_is_enough", "reason"),
    _line("assessing", "ask_second", "second_assessment", "case.assess", "needs_second_assessment"),
    _line("second_assessment", "confirm_illegal", "decided", "case.assess", "assessments_agree", "second"),
    _line("second_assessment", "confirm_other", "closed", "case.assess", "assessments_agree", "second", "reason"),
    _line("second_assessment", "dispute", "second_assessment", "case.assess", "assessments_differ", "second"),
    _line("second_assessment", "settle_illegal", "decided", "case.reassign", "in_adjudication", "third"),
    _line("second_assessment", "settle_other", "closed", "case.reassign", "in_adjudication", "third", "reason"),
    _line("second_assessment", "agree_illegal", "decided", "case.assess", "in_adjudication"),
    _line("second_assessment", "agree_other", "closed", "case.assess", "in_adjudication", "reason"),
    _line("decided", "act", "acting", "case.act"),
    _line("decided", "close", "closed", "case.act", "", "reason"),
    _line("decided", "overturn", "closed", "appeal.decide", "", "third", "reason"),
    _line("decided", "agree_other", "closed", "case.assess", "in_adjudication", "reason"),
    _line("acting", "watch", "monitoring", SYSTEM),
    _line("acting", "act_again", "acting", "case.act"),
    _line("acting", "see_removed", "removed", SYSTEM),
    _line("acting", "settle", "closed", SYSTEM, "nothing_to_watch"),
    _line("acting", "close", "closed", "case.act", "", "reason"),
    _line("acting", "overturn", "closed", "appeal.decide", "", "third", "reason"),
    _line("acting", "agree_other", "closed", "case.assess", "in_adjudication", "reason"),
    _line("monitoring", "act_again", "acting", "case.act"),
    _line("monitoring", "see_removed", "removed", SYSTEM),
    _line("monitoring", "close", "closed", "case.act", "", "reason"),
    _line("monitoring", "overturn", "closed", "appeal.decide", "", "third", "reason"),
    _line("monitoring", "agree_other", "closed", "case.assess", "in_adjudication", "reason"),
    _line("removed", "settle", "closed", SYSTEM, "nothing_open"),
    _line("removed", "see_returned", "acting", SYSTEM),
    _line("removed", "close", "closed", "case.act", "", "reason"),
    _line("removed", "overturn", "closed", "appeal.decide", "", "third", "reason"),
    _line("removed", "agree_other", "closed", "case.assess", "in_adjudication", "reason"),
    _line("closed", "see_returned", "acting", SYSTEM, "was_illegal"),
    _line("closed", "report_again", "received", SYSTEM, "needs_reassessment"),
    _line("closed", "agree_illegal", "decided", "case.assess", "in_adjudication"),
    _line("closed", "agree_other", "closed", "case.assess", "in_adjudication", "reason"),
    _line("closed", "reopen", "triaged", "case.reopen", "not_merged", "reason"),
    *(_line(state, "merge", "closed", "case.merge", "nothing_open", "reason") for state in states_in(Stage.NEW)),
    _line("closed", "unmerge", "triaged", "case.merge", "is_merged"),
    *(
        _line(state, act, "closed", permission, "not_held", "reason", *marks)
        for state in (*_DECIDED, "closed")
        for act, permission, marks in (("merge", "case.merge", ()), ("merge_over", "case.reassign", ("third",)))
    ),
    *(_line("closed", f"unmerge_{state}", state, "case.merge", "is_merged") for state in (*_DECIDED, "closed")),
    _line("forwarded", "reopen", "triaged", "case.reopen", "", "reason"),
    _line("forwarded", "report_again", "received", SYSTEM, "urgent_again"),
    *(
        _line(state, "overturn_urgent", "triaged", "appeal.decide", "police_owed", "third", "reason")
        for state in _DECIDED
    ),
    *(_line(state, "pass_at_once", state, SYSTEM) for state in OPEN_STATES),
    *(_line(state, "pass_to_police", state, "case.act", "may_be_passed") for state in OPEN_STATES),
    *(_line(state, "tell_protection", state, "case.act") for state in OPEN_STATES),
    *(_line(state, "not_urgent", state, "case.claim", "is_only_marked", "reason") for state in OPEN_STATES),
    *(_line(state, "call_not_urgent", state, "case.claim", "is_reported_urgent", "reason") for state in OPEN_STATES),
    *(_line(state, "overrule_urgent", state, "case.claim", "not_urgent_is_agreed", "reason") for state in OPEN_STATES),
    *(_line(state, "mark_urgent", state, "case.claim", "is_not_urgent") for state in OPEN_STATES),
    *(_line(state, "hand_over", "closed", "case.act", "police_settled") for state in ("triaged", "assessing")),
    *(
        _line(state, "leave", "closed", SYSTEM, "nothing_open")
        for state in ("received", "triaged", "assessing", "second_assessment", "decided", "monitoring", "removed")
    ),
)
_BY_STEP = {(line.source, line.act): line for line in TABLE}
# Whoever holds or takes a case in one of these states can make its first assessment.
BEFORE_FIRST_ASSESSMENT = tuple(
    state for state in STATES if any((state, act) in _BY_STEP for act in ("claim", "find_illegal"))
)
ACTS = tuple(dict.fromkeys(line.act for line in TABLE))
# Steps that decide nothing about a case. Any other step gives the person who takes it a part in the case.
STAY_BESIDE = (
    *("pass_at_once", "pass_to_police", "tell_protection"),
    *("mark_urgent", "not_urgent", "call_not_urgent", "overrule_urgent"),
)  # they change no state
OVERTURNS = frozenset(
    {"overturn", "overturn_urgent"}
)  # the review was upheld; urgent work continues without the decision
# Steps that end a case although something is still open with the police or child protection: its work continues in another, open case.
NOT_WAITING = frozenset({"merge", "merge_over"})
NO_PART = frozenset({"claim", "give_back", "merge", *STAY_BESIDE, *(act for act in ACTS if act.startswith("unmerge"))})


@dataclass(frozen=True, slots=True)
class Guard:
    """A test of a line: what it asks about, and why it refuses. It refuses when an answer is unknown."""

    asks: tuple[str, ...]
    refuse: Callable[[Situation], Refusal | None]


def _first_assessment_is_enough(now: Situation) -> Refusal | None:
    return None if now.is_grave is False and now.is_unsure is False else Refusal.NEEDS_SECOND_ASSESSMENT


def _needs_second_assessment(now: Situation) -> Refusal | None:
    is_known = now.is_grave is not None and now.is_unsure is not None
    return None if is_known and (now.is_grave or now.is_unsure) else Refusal.NEEDS_NO_SECOND_ASSESSMENT


def _assessments_agree(now: Situation) -> Refusal | None:
    return None if now.assessments_agree is True and now.in_adjudication is False else Refusal.OPINIONS_DIFFER


def _assessments_differ(now: Situation) -> Refusal | None:
    return None if now.assessments_agree is False and now.in_adjudication is False else Refusal.OPINIONS_AGREE


def _no_report_left(now: Situation) -> Refusal | None:
    """Refuse to end an urgent case because a reporter withdrew: a person decides."""
    return None if now.reports_left == 0 and now.is_urgent is False else Refusal.REPORTS_REMAIN


def _nothing_open(now: Situation) -> Refusal | None:
    return None if now.is_held is False and now.is_appealed is False else Refusal.WAITS_FOR_OTHERS


def _nothing_to_watch(now: Situation) -> Refusal | None:
    return _nothing_open(now) if now.is_watched is False else Refusal.IS_WATCHED


def _may_be_passed(now: Situation) -> Refusal | None:
    if now.is_urgent is not True:
        return Refusal.NOT_URGENT
    if now.is_passed is not False:
        return Refusal.PASSED_ALREADY
    return None if now.police_may_be_informed is True else Refusal.POLICE_ONLY_AFTER


def _is_only_marked(now: Situation) -> Refusal | None:
    """Refuse unless only the actor called it urgent: otherwise it takes two people, or a supervisor once the police
    have it (`overrule_urgent`).
    """
    if now.is_urgent is not True:
        return Refusal.NOT_URGENT
    return None if now.is_reported_urgent is False else Refusal.NO_SUCH_STEP


def _is_reported_urgent(now: Situation) -> Refusal | None:
    if now.is_urgent is not True:
        return Refusal.NOT_URGENT
    return None if now.is_reported_urgent is True else Refusal.NO_SUCH_STEP


def _not_urgent_is_agreed(now: Situation) -> Refusal | None:
    if now.is_urgent is not True:
        return Refusal.NOT_URGENT
    return None if now.not_urgent_is_agreed is True else Refusal.NOT_URGENT_TAKES_TWO


def _only_if(name: str, is_so: object, otherwise: Refusal) -> Guard:
    return Guard((name,), lambda now: None if getattr(now, name) == is_so else otherwise)


GUARDS: dict[str, Guard] = {
    "": Guard((), lambda now: None),
    "is_post_box": _only_if("is_post_box", True, Refusal.NOT_A_POST_BOX),
    "no_report_left": Guard(("reports_left", "is_urgent"), _no_report_left),
    "first_assessment_is_enough": Guard(("is_grave", "is_unsure"), _first_assessment_is_enough),
    "needs_second_assessment": Guard(("is_grave", "is_unsure"), _needs_second_assessment),
    "assessments_agree": Guard(("assessments_agree", "in_adjudication"), _assessments_agree),
    "assessments_differ": Guard(("assessments_agree", "in_adjudication"), _assessments_differ),
    "in_adjudication": _only_if("in_adjudication", True, Refusal.NOT_IN_ADJUDICATION),
    "nothing_open": Guard(("is_held", "is_appealed"), _nothing_open),
    "nothing_to_watch": Guard(("is_watched", "is_held", "is_appealed"), _nothing_to_watch),
    "not_held": _only_if("is_held", False, Refusal.WAITS_FOR_OTHERS),
    "not_merged": _only_if("is_merged", False, Refusal.IS_MERGED),
    "is_merged": _only_if("is_merged", True, Refusal.NOT_MERGED),
    "was_illegal": _only_if("was_illegal", True, Refusal.WAS_NOT_ILLEGAL),
    "is_known_file": _only_if("is_known_file", True, Refusal.NOT_A_KNOWN_FILE),
    "is_reported_urgent": Guard(("is_urgent", "is_reported_urgent"), _is_reported_urgent),
    "not_urgent_is_agreed": Guard(("is_urgent", "not_urgent_is_agreed"), _not_urgent_is_agreed),
    "is_only_marked": Guard(("is_urgent", "is_reported_urgent"), _is_only_marked),
    "urgent_again": _only_if("is_urgent_again", True, Refusal.NOTHING_URGENT_SINCE),
    "is_not_urgent": _only_if("is_urgent", False, Refusal.URGENT_ALREADY),
    "may_be_passed": Guard(("is_urgent", "is_passed", "police_may_be_informed"), _may_be_passed),
    "police_owed": _only_if("police_are_owed", True, Refusal.POLICE_NOT_OWED),
    "police_settled": _only_if("is_settled", True, Refusal.POLICE_NOT_SETTLED),
    "needs_reassessment": _only_if("needs_reassessment", True, Refusal.SEEN_RECENTLY),
}


def transition(state: str, act: str) -> Transition | None:
    """Return the line of the table for this act in this state, or None."""
    return _BY_STEP.get((state, act))


def may_be_taken(state: str) -> bool:
    """Return whether people can take a case in this state: as it is, or by a step."""
    return STATES[state].is_taken_as_it_is or transition(state, "claim") is not None


def can_stop_clock(state: str, clock: str) -> bool:
    """Return whether the holder of a case in this state can do the work that stops this clock."""
    can_be_given = may_be_taken(state) or transition(state, "give_back") is not None
    return can_be_given and STATES[state].stops == clock


def step(state: str, act: str, now: Situation) -> Transition | Refusal:
    """Return the line to follow, or why there is none. The caller checks the actor's permission separately."""
    line = transition(state, act)
    if line is None:
        return Refusal.NO_SUCH_STEP
    if line.barred and now.had_part is not False:
        return Refusal.NEEDS_ANOTHER_PERSON
    if line.reason_required and not now.reason.strip():
        return Refusal.NEEDS_REASON
    if waits_for_police(line) and now.police_are_owed is not False:
        return Refusal.POLICE_ARE_OWED
    if waits_for_protection(line) and now.protection_is_owed is not False:
        return Refusal.PROTECTION_IS_OWED
    return GUARDS[line.guard].refuse(now) or line


def waits_for_protection(line: Transition) -> bool:
    """Return whether this line is barred until the outcome of what child protection was told is recorded. A decision
    that a review has overturned doesn't wait for it.
    """
    return waits_for_police(line) and line.act not in OVERTURNS


def waits_for_police(line: Transition) -> bool:
    """Return whether this line is barred until the police have the case and somebody has recorded the outcome."""
    return line.target in LAST_STATES and line.source not in LAST_STATES and line.act not in NOT_WAITING


def asked_by(line: Transition) -> frozenset[str]:
    """Return the fields of the situation that this line asks about; no other field makes a difference to it."""
    return frozenset(
        {
            "reason",
            *(("had_part",) if line.barred else ()),
            *(("police_are_owed",) if waits_for_police(line) else ()),
            *(("protection_is_owed",) if waits_for_protection(line) else ()),
            *GUARDS[line.guard].asks,
        }
    )


def acts_from(state: str) -> tuple[str, ...]:
    """Return every act that the table knows in this state."""
    return tuple(line.act for line in TABLE if line.source == state)
