"""The one table of what can become of a case. Whatever changes a case's state looks here first."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

SYSTEM = "system"
FIRST_STATE = "received"
STATES = (
    "received",
    "triaged",
    "assessing",
    "second_look",
    "decided",
    "acting",
    "monitoring",
    "removed",
    "closed",
    "forwarded",
)
LAST_STATES = frozenset({"closed", "forwarded"})
FLAGS = ("held", "appealed", "urgent")


class Refusal(StrEnum):
    """Why a step can't be taken."""

    NO_SUCH_STEP = "no_such_step"
    NEEDS_REASON = "needs_reason"
    NEEDS_ANOTHER_PERSON = "needs_another_person"
    NOT_A_POST_BOX = "not_a_post_box"
    REPORTS_REMAIN = "reports_remain"
    NEEDS_SECOND_LOOK = "needs_second_look"
    NEEDS_NO_SECOND_LOOK = "needs_no_second_look"
    OPINIONS_DIFFER = "opinions_differ"
    OPINIONS_AGREE = "opinions_agree"
    NOT_IN_CONFERENCE = "not_in_conference"
    WAITS_FOR_OTHERS = "waits_for_others"
    IS_WATCHED = "is_watched"
    WAS_NOT_ILLEGAL = "was_not_illegal"
    SEEN_RECENTLY = "seen_recently"
    NOT_A_KNOWN_FILE = "not_a_known_file"
    IS_MERGED = "is_merged"
    NOT_MERGED = "not_merged"


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a guard may ask about. The defaults are what is true of a fresh case."""

    reason: str = ""
    has_part: bool = False
    is_post_box: bool = False
    reports_left: int = 1
    is_grave: bool = False
    is_unsure: bool = False
    looks_agree: bool = False
    in_conference: bool = False
    is_held: bool = False
    is_appealed: bool = False
    is_watched: bool = True
    was_illegal: bool = False
    deserves_new_look: bool = True
    is_known_file: bool = False
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table: in state `source`, act `act` leads to `target`.

    `permission` is an act of the table of permissions, or `system` for what only the system does; `guard` names a
    test of GUARDS; with `second_person` whoever had a part in the case can't do it.
    """

    source: str
    act: str
    target: str
    permission: str
    guard: str = ""
    second_person: bool = False
    reason_required: bool = False


def _line(source: str, act: str, target: str, permission: str, guard: str = "", *marks: str) -> Transition:
    return Transition(source, act, target, permission, guard, "second" in marks, "reason" in marks)


TABLE = (
    _line("received", "prepare", "triaged", SYSTEM),
    _line("received", "forward", "forwarded", SYSTEM, "is_post_box"),
    _line("received", "withdraw", "closed", SYSTEM, "no_report_left"),
    _line("triaged", "claim", "assessing", "case.claim"),
    _line("triaged", "match_known", "decided", SYSTEM, "is_known_file"),
    _line("triaged", "forward", "forwarded", SYSTEM, "is_post_box"),
    _line("triaged", "withdraw", "closed", SYSTEM, "no_report_left"),
    _line("assessing", "give_back", "triaged", "case.claim"),
    _line("assessing", "find_illegal", "decided", "case.assess", "first_look_is_enough"),
    _line("assessing", "find_other", "closed", "case.assess", "first_look_is_enough", "reason"),
    _line("assessing", "ask_second", "second_look", "case.assess", "needs_second_look"),
    _line("second_look", "confirm_illegal", "decided", "case.assess", "looks_agree", "second"),
    _line("second_look", "confirm_other", "closed", "case.assess", "looks_agree", "second", "reason"),
    _line("second_look", "dispute", "second_look", "case.assess", "looks_differ", "second"),
    _line("second_look", "settle_illegal", "decided", "case.reassign", "in_conference", "second"),
    _line("second_look", "settle_other", "closed", "case.reassign", "in_conference", "second", "reason"),
    _line("second_look", "agree_illegal", "decided", "case.assess", "in_conference"),
    _line("second_look", "agree_other", "closed", "case.assess", "in_conference", "reason"),
    _line("decided", "act", "acting", "case.act"),
    _line("decided", "close", "closed", "case.act", "", "reason"),
    _line("decided", "overturn", "closed", "appeal.decide", "", "second", "reason"),
    _line("decided", "agree_other", "closed", "case.assess", "in_conference", "reason"),
    _line("acting", "watch", "monitoring", SYSTEM),
    _line("acting", "act_again", "acting", "case.act"),
    _line("acting", "see_removed", "removed", SYSTEM),
    _line("acting", "settle", "closed", SYSTEM, "nothing_to_watch"),
    _line("acting", "close", "closed", "case.act", "", "reason"),
    _line("acting", "overturn", "closed", "appeal.decide", "", "second", "reason"),
    _line("acting", "agree_other", "closed", "case.assess", "in_conference", "reason"),
    _line("monitoring", "act_again", "acting", "case.act"),
    _line("monitoring", "see_removed", "removed", SYSTEM),
    _line("monitoring", "close", "closed", "case.act", "", "reason"),
    _line("monitoring", "overturn", "closed", "appeal.decide", "", "second", "reason"),
    _line("monitoring", "agree_other", "closed", "case.assess", "in_conference", "reason"),
    _line("removed", "settle", "closed", SYSTEM, "nothing_open"),
    _line("removed", "see_returned", "acting", SYSTEM),
    _line("removed", "close", "closed", "case.act", "", "reason"),
    _line("removed", "overturn", "closed", "appeal.decide", "", "second", "reason"),
    _line("removed", "agree_other", "closed", "case.assess", "in_conference", "reason"),
    _line("closed", "see_returned", "acting", SYSTEM, "was_illegal"),
    _line("closed", "report_again", "received", SYSTEM, "deserves_new_look"),
    _line("closed", "agree_illegal", "decided", "case.assess", "in_conference"),
    _line("closed", "reopen", "triaged", "case.reopen", "not_merged", "reason"),
    _line("received", "merge", "closed", "case.merge", "nothing_open", "reason"),
    _line("triaged", "merge", "closed", "case.merge", "nothing_open", "reason"),
    _line("closed", "unmerge", "triaged", "case.merge", "is_merged"),
    *(
        _line(state, act, "closed", permission, "not_held", "reason", *marks)
        for state in ("decided", "acting", "monitoring", "removed", "closed")
        for act, permission, marks in (("merge", "case.merge", ()), ("merge_over", "case.reassign", ("second",)))
    ),
    *(
        _line("closed", f"unmerge_{state}", state, "case.merge", "is_merged")
        for state in ("decided", "acting", "monitoring", "removed", "closed")
    ),
    _line("forwarded", "reopen", "triaged", "case.reopen", "", "reason"),
)
_BY_STEP = {(line.source, line.act): line for line in TABLE}
ACTS = tuple(dict.fromkeys(line.act for line in TABLE))


def _first_look_is_enough(now: Situation) -> Refusal | None:
    return Refusal.NEEDS_SECOND_LOOK if now.is_grave or now.is_unsure else None


def _needs_second_look(now: Situation) -> Refusal | None:
    return None if now.is_grave or now.is_unsure else Refusal.NEEDS_NO_SECOND_LOOK


def _nothing_open(now: Situation) -> Refusal | None:
    return Refusal.WAITS_FOR_OTHERS if now.is_held or now.is_appealed else None


GUARDS: dict[str, Callable[[Situation], Refusal | None]] = {
    "": lambda now: None,
    "is_post_box": lambda now: None if now.is_post_box else Refusal.NOT_A_POST_BOX,
    "no_report_left": lambda now: Refusal.REPORTS_REMAIN if now.reports_left else None,
    "first_look_is_enough": _first_look_is_enough,
    "needs_second_look": _needs_second_look,
    "looks_agree": lambda now: None if now.looks_agree and not now.in_conference else Refusal.OPINIONS_DIFFER,
    "looks_differ": lambda now: Refusal.OPINIONS_AGREE if now.looks_agree or now.in_conference else None,
    "in_conference": lambda now: None if now.in_conference else Refusal.NOT_IN_CONFERENCE,
    "nothing_open": _nothing_open,
    "nothing_to_watch": lambda now: Refusal.IS_WATCHED if now.is_watched else _nothing_open(now),
    "not_held": lambda now: Refusal.WAITS_FOR_OTHERS if now.is_held else None,
    "not_merged": lambda now: Refusal.IS_MERGED if now.is_merged else None,
    "is_merged": lambda now: None if now.is_merged else Refusal.NOT_MERGED,
    "was_illegal": lambda now: None if now.was_illegal else Refusal.WAS_NOT_ILLEGAL,
    "is_known_file": lambda now: None if now.is_known_file else Refusal.NOT_A_KNOWN_FILE,
    "deserves_new_look": lambda now: None if now.deserves_new_look else Refusal.SEEN_RECENTLY,
}


def transition(state: str, act: str) -> Transition | None:
    """The line of the table for this act in this state, or None."""
    return _BY_STEP.get((state, act))


def step(state: str, act: str, now: Situation) -> Transition | Refusal:
    """The line to follow, or why there is none to follow. The caller asks for the actor's permission besides."""
    line = transition(state, act)
    if line is None:
        return Refusal.NO_SUCH_STEP
    if line.second_person and now.has_part:
        return Refusal.NEEDS_ANOTHER_PERSON
    if line.reason_required and not now.reason:
        return Refusal.NEEDS_REASON
    return GUARDS[line.guard](now) or line


def acts_from(state: str) -> tuple[str, ...]:
    """Every act that the table knows in this state."""
    return tuple(line.act for line in TABLE if line.source == state)
