"""Who may send which message at which stage: the only place that says so. Pure."""

from dataclasses import dataclass

from leeward.exchange.rules.standing import Standing
from leeward.exchange.rules.steps import (
    ACTIONS,
    BASELINE,
    FIRST_GRADES,
    LATER_GRADES,
    SIDES,
    Kind,
    Side,
    Step,
    other,
)
from leeward.foundation.lazy_text import LazyText as _

# Why a message has no effect, by the code that both hotlines store.
REFUSALS = {
    "not_your_part": _("This is for the other hotline to say."),
    "not_at_this_stage": _("This can’t be said at this stage."),
    "unknown_word": _("The message says something that this kind of message can’t say."),
    "baseline_stands": _("The international baseline was found; no assessment overrules that."),
    "acted_already": _("Something was done about it already; no assessment follows an action."),
    "hosting_decides": _("The hotline of the hosting country has assessed it; only that hotline can do so again."),
    "done_already": _("This was said already, and it stands."),
    "question_not_open": _("There is no such open question."),
    "nothing_to_retract": _("There is no such message of this hotline that can be retracted."),
    "questions_wait": _("Too many questions wait for an answer already."),
    "too_many_messages": _("Too much was written about this item already."),
}
MOST_OPEN_QUESTIONS = 5
_UNDER_WAY = ("reported", "accepted", "acting", "removed", "moved", "not_illegal")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a message, who sends it at which stages, what the stage becomes ("" where it stays), and
    the guard that it has to pass."""

    kind: Kind
    what: str
    sides: tuple[Side, ...]
    stages: tuple[str, ...]
    leads_to: str = ""
    guard: str = ""


TABLE = (
    Line("report", "", ("reporting",), ("",), "reported"),
    Line("acceptance", "", ("hosting",), ("reported",), "accepted"),
    Line("reassignment", "", ("hosting",), ("reported", "accepted", "acting"), "moved"),
    Line("action", "police_told", ("hosting",), ("accepted", "acting"), "acting", "not_done_yet"),
    # The police may hear of it after the host was quicker.
    Line("action", "police_told", ("hosting",), ("removed",), "", "not_done_yet"),
    Line("action", "host_told", ("hosting",), ("accepted", "acting"), "acting", "not_done_yet"),
    Line("action", "removed", ("hosting",), ("accepted", "acting"), "removed", "not_done_yet"),
    Line("action", "not_illegal", ("hosting",), ("accepted",), "not_illegal", "not_done_yet"),
    Line("reassessment", "", ("reporting", "hosting"), ("reported", "accepted"), "", "grade_is_open"),
    Line("question", "", SIDES, _UNDER_WAY, "", "questions_have_room"),
    Line("answer", "", SIDES, (*_UNDER_WAY, "withdrawn"), "", "question_is_open"),
    Line("withdrawal", "", ("reporting",), ("reported", "accepted"), "withdrawn"),
    # What was done holds; whoever did it hears that the report was wrong.
    Line("withdrawal", "", ("reporting",), ("acting", "removed"), "", "not_withdrawn_yet"),
    Line("retraction", "", SIDES, (*_UNDER_WAY, "withdrawn"), "", "own_statement_stands"),
)


def refusal(step: Step, standing: Standing) -> str:
    """Return the code of why this message has no effect after what holds, or "" if it may be sent."""
    if not _is_known(step):
        return "unknown_word"
    lines = [line for line in TABLE if line.kind == step.kind and line.what in ("", step.what)]
    if not any(step.side in line.sides for line in lines):
        return "not_your_part"
    line = next((line for line in lines if standing.stage in line.stages), None)
    if line is None:
        return _why_not_now(step, standing)
    return _stopped_by(line.guard, step, standing)


def _is_known(step: Step) -> bool:
    known: tuple[str, ...] = {
        "report": FIRST_GRADES,
        "reassessment": LATER_GRADES,
        "action": tuple(ACTIONS),
    }.get(step.kind, ("",))
    points = step.about > 0 if step.kind in ("answer", "retraction") else step.about == 0
    return step.what in known and points


def _why_not_now(step: Step, standing: Standing) -> str:
    if step.kind == "action" and step.what in standing.actions:
        return "done_already"
    return "acted_already" if step.kind == "reassessment" and standing.actions else "not_at_this_stage"


def _stopped_by(guard: str, step: Step, standing: Standing) -> str:
    """Return the code of a guard that the message doesn't pass, or ""."""
    own_questions = [side for side, _number in standing.questions if side == step.side]
    stops = {
        "": {},
        "not_done_yet": {"done_already": step.what in standing.actions},
        "not_withdrawn_yet": {"done_already": standing.is_withdrawn},
        "grade_is_open": {
            "baseline_stands": standing.grade == BASELINE,
            "hosting_decides": step.side == "reporting" and standing.is_graded_by_hosting,
        },
        "questions_have_room": {"questions_wait": len(own_questions) >= MOST_OPEN_QUESTIONS},
        "question_is_open": {"question_not_open": (other(step.side), step.about) not in standing.questions},
        "own_statement_stands": {"nothing_to_retract": (step.side, step.about) not in standing.retractable},
    }
    return next((code for code, is_so in stops[guard].items() if is_so), "")
