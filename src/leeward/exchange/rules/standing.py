"""What holds about an item after a set of messages: stage, grade, actions, open questions. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from leeward.exchange.rules.steps import BASELINE, Kind, Side, Step
from leeward.foundation.lazy_text import LazyText as _

STAGES = {
    "": _("Nothing reported"),
    "reported": _("Reported"),
    "accepted": _("Accepted"),
    "acting": _("Being acted on"),
    "removed": _("Removed"),
    "moved": _("Hosted elsewhere"),
    "not_illegal": _("Not illegal there"),
    "withdrawn": _("Withdrawn"),
}
# At these stages the item is not with the hosting hotline any more.
HANDED_BACK = ("moved", "withdrawn", "not_illegal")
# What its author may take back, at least until something was done.
RETRACTABLE: tuple[Kind, ...] = ("reassignment", "action", "reassessment")


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds: derived from the messages that stand, never from the order in which they arrived."""

    stage: str = ""
    grade: str = ""
    actions: frozenset[str] = frozenset()
    questions: frozenset[tuple[Side, int]] = frozenset()
    retracted: frozenset[tuple[Side, int]] = frozenset()
    retractable: frozenset[tuple[Side, int]] = frozenset()
    is_graded_by_hosting: bool = False
    is_withdrawn: bool = False  # said by the reporting hotline, also where what was done holds


def standing_of(steps: Iterable[Step]) -> Standing:
    """Return what holds after these messages, each of which its author was allowed to send."""
    allowed = list(steps)
    retracted = frozenset((step.side, step.about) for step in allowed if step.kind == "retraction")
    stand = [step for step in allowed if (step.side, step.number) not in retracted]
    kinds = {step.kind for step in stand}
    actions = frozenset(step.what for step in stand if step.kind == "action")
    graded_by = {step.side for step in stand if step.kind == "reassessment"}
    return Standing(
        stage=_stage(kinds, actions),
        grade=_grade(stand),
        actions=actions,
        questions=_open_questions(stand),
        retracted=retracted,
        retractable=_retractable(stand, actions),
        is_graded_by_hosting="hosting" in graded_by,
        is_withdrawn="withdrawal" in kinds,
    )


def _stage(kinds: set[Kind], actions: frozenset[str]) -> str:
    """What was done holds whatever crossed it on the way: a withdrawal can't undo it."""
    holds = {
        "": "report" not in kinds,
        "removed": "removed" in actions,
        "withdrawn": "withdrawal" in kinds and not actions,
        "moved": "reassignment" in kinds,
        "not_illegal": "not_illegal" in actions,
        "acting": bool(actions),
        "accepted": "acceptance" in kinds,
        "reported": True,
    }
    return next(stage for stage, is_so in holds.items() if is_so)


def _grade(stand: list[Step]) -> str:
    """The baseline holds once anybody found it; else the hosting hotline's last word, then the reporting one's."""
    graded = [step for step in stand if step.kind in ("report", "reassessment")]
    if any(step.what == BASELINE for step in graded):
        return BASELINE
    for side in ("hosting", "reporting"):
        own = [step for step in graded if step.side == side]
        if own:
            return max(own, key=lambda step: step.number).what
    return ""


def _open_questions(stand: list[Step]) -> frozenset[tuple[Side, int]]:
    answered = {(_asker(step), step.about) for step in stand if step.kind == "answer"}
    return frozenset((step.side, step.number) for step in stand if step.kind == "question") - answered


def _asker(answer: Step) -> Side:
    return "hosting" if answer.side == "reporting" else "reporting"


def _retractable(stand: list[Step], actions: frozenset[str]) -> frozenset[tuple[Side, int]]:
    """Statements about facts can turn out wrong. A grade that was acted on stays."""
    kinds = {"reassignment", "action" if actions else "reassessment"}
    return frozenset((step.side, step.number) for step in stand if step.kind in kinds)
