"""What makes a report urgent: the single rule used by the public form, the staff form, imported lists and the desk.
Pure.

Age is not a criterion: that somebody is under 18 determines how to speak to them, not how fast a child needs help.
"""

from collections.abc import Collection
from typing import Literal

from leeward.intake.rules.own_picture import ME, OWN

Urgency = Literal["", "danger", "contact", "threat", "shown", "marked"]
URGENCIES: tuple[Urgency, ...] = ("danger", "contact", "threat", "shown", "marked")
# Answers to whether a picture of the reporter is used as a threat.
THREATS = ("yes", "no", "unsure")
MOST_REASON = 500


def urgency_of(kind: str, *, threat: str, is_shown: bool, is_marked: bool) -> Urgency:
    """Return why a report is urgent, or "" if it is not.

    `threat` is the answer about a picture of the reporter: “not sure” counts as threatened. `is_shown`: it came with a
    request of somebody who says that they are the person depicted. `is_marked`: staff or a partner called the report
    urgent, whatever its kind.
    """
    if kind == "danger":
        return "danger"
    if kind == "contact":
        return "contact"
    if asks_about_threat(kind) and threat in ("yes", "unsure"):
        return "threat"
    if is_shown:
        return "shown"
    return "marked" if is_marked else ""


def asks_about_threat(kind: str) -> bool:
    """Return whether the form must ask if somebody threatens to share a picture."""
    return kind in (ME, OWN)


def worse_than(kind: str, threat: str) -> tuple[Urgency, ...]:
    """Return how a reporter can say later that a report of this kind got worse."""
    if kind == "danger":
        return ()
    if kind == "contact" or (asks_about_threat(kind) and threat in ("yes", "unsure")):
        return ("danger",)
    return ("danger", "threat") if asks_about_threat(kind) else ("danger", "contact")


def made_worse(kind: str, threat: str, worse: Collection[str]) -> tuple[str, str]:
    """Return the kind of a report and the answer about a threat, after its reporter said that it got worse."""
    gravest = next((name for name in worse_than(kind, threat) if name in worse), "")
    return (kind, "yes") if gravest == "threat" else (gravest or kind, threat)


def is_more_urgent(now: str, before: str) -> bool:
    """Return whether the new statement calls for help that the earlier one did not."""
    return now != before and (now == "danger" or (bool(now) and not before))
