"""A child who may be identified, as a child-protection office hears of them: what a person here wrote for it, what was done,
and by when an answer is expected. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# What a child-protection contact is.
SERVICES = ("advocacy", "social", "helpline")
# What such an office can say came of it.
OUTCOMES = ("child_safe", "looked_after", "passed_on", "not_traced", "no_danger", "other")
# What a supervisor records instead: nobody there will say what came of it.
NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What an office is told: of the child and where they are, in the words of a person here; what was done, each with its
    time; and by when we ask for an answer. Nothing else of a case belongs in it."""

    child: str = ""
    place: str = ""
    done: tuple[tuple[str, datetime], ...] = ()
    answer_by: datetime | None = None


def written(statement: AtRisk) -> dict[str, Any]:
    """Return it as plain JSON values."""
    return {
        "child": statement.child,
        "place": statement.place,
        "done": [[what, at.isoformat()] for what, at in statement.done],
        "answer_by": statement.answer_by.isoformat() if statement.answer_by else "",
    }


def read(values: Mapping[str, Any]) -> AtRisk:
    """Return it from the values that `written` made; of a message from before there were any, nothing but that it exists."""
    by = values.get("answer_by")
    return AtRisk(
        child=values.get("child", ""),
        place=values.get("place", ""),
        done=tuple((what, datetime.fromisoformat(at)) for what, at in values.get("done", ())),
        answer_by=datetime.fromisoformat(by) if by else None,
    )
