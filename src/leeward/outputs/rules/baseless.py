"""A report whose case's decision no longer stands: how far it goes. Pure."""

from leeward.outputs.rules.cybertip_steps import HELD, RETRACT, RETRACTED, SENT
from leeward.outputs.rules.unsure import FIRST

BASELESS = "decision_withdrawn"
ANEW = "looked_at_anew"  # why one waits whose case has no decision now


def following(service: str, step: str, *, begun: bool) -> str:
    """Return the step of a report on its way that isn't to go on. Of one that wasn't begun nobody heard; the CyberTipline is asked to
    withdraw the other; to another receiver a person has to write."""
    if step == FIRST[service] and not begun:
        return RETRACTED
    return RETRACT if service == "cybertipline" else HELD


def may_be_there(step: str) -> bool:
    """Return whether its receiver may have the report that ended so."""
    return step in (SENT, HELD)
