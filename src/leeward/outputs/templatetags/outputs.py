"""Words for kinds of exploitation, refusals and steps."""

from django import template

from leeward.outputs.labels import BASELESS, EXPLOITATIONS, ON_ITS_WAY, SERVICES, STEPS
from leeward.outputs.queries import SubmissionRow
from leeward.outputs.rules.baseless import may_be_there
from leeward.outputs.rules.cybertip_steps import CODES
from leeward.outputs.rules.refusals import Refusal
from leeward.outputs.services import sentence

register = template.Library()


@register.filter
def exploitation_word(name: str) -> str:
    """Return the label of a kind of exploitation."""
    return str(EXPLOITATIONS[name])


@register.filter
def refusal_word(refusal: Refusal) -> str:
    """Return a refusal in words."""
    return sentence(refusal)


@register.filter
def service_word(name: str) -> str:
    """Return the label of a receiver."""
    return str(SERVICES[name])


@register.filter
def step_word(row: SubmissionRow) -> str:
    """Return how far a report has come."""
    return str(STEPS.get(row.step, ON_ITS_WAY))


@register.filter
def baseless_word(row: SubmissionRow) -> str:
    """Return what became of a report whose case's decision no longer stands."""
    return str(BASELESS[may_be_there(row.step)])


@register.filter
def problem_word(row: SubmissionRow) -> str:
    """Return the code of the last answer that was no success, and its meaning where it has one."""
    code = int(row.problem) if row.problem.isascii() and row.problem.isdecimal() else None
    return f"{row.problem}: {CODES[code]}" if code in CODES else row.problem
