"""Labels of other hotlines and of what is written to and by them; translated where they are shown."""

from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.exchange.errors import SILENCES
from leeward.exchange.rules.saying import Sayable
from leeward.exchange.rules.steps import ACTIONS, GRADES, KINDS, Kind
from leeward.exchange.rules.table import REFUSALS
from leeward.exchange.rules.wire import FAULTS, MESSAGE_FAULTS

PEER_STATES: dict[str, str | Promise] = {
    "unconfirmed": _("Key words not compared yet"),
    "active": _("Confirmed"),
    "stopped": _("Stopped"),
}
_EFFECTS: dict[str, str | Promise] = {
    "retracted": _("It was withdrawn."),
    "overtaken": _("It has no effect: something else was said at the same time or later."),
}
_PROBLEMS: dict[str, object] = {
    "stopped": _("Nothing is exchanged with this hotline any more."),
    "police_first": _("The police come first: they must have it, and let others be told."),
    "looked_at_anew": _("The case is being looked at anew: this waits until it is decided."),
    "decision_withdrawn": _(
        "The decision about the case no longer stands, so this is not sent. It may have arrived before: withdraw the report "
        "on the case’s page."
    ),
    "refused": _("The other hotline can’t read it."),
    "no_receipt": _("The other hotline’s receipt does not name it."),
    **MESSAGE_FAULTS,
}
_SAY: dict[str, str | Promise] = {
    "acceptance": _("Accept it"),
    "reassignment": _("It is hosted in another country now"),
    "question": _("Ask a question"),
    "withdrawal": _("Withdraw the report"),
}


def entry_label(kind: str, what: str) -> str:
    """Return what a message says, in a few words."""
    if kind == "action":
        return str(ACTIONS[what])
    name = KINDS[cast("Kind", kind)]
    return f"{name}: {GRADES[what]}" if what else str(name)


def effect_words(effect: str, code: str) -> str:
    """Return why a message has no effect, or ""."""
    return str(REFUSALS[code]) if code else str(_EFFECTS.get(effect, ""))


def problem_words(problem: str) -> str:
    """Return why a message has not arrived."""
    if problem in _PROBLEMS:
        return str(_PROBLEMS[problem])
    code = problem.partition(" ")[2]
    if code in FAULTS and code != "signature_missing":
        return str(FAULTS[code])
    return gettext("The other hotline’s server gives no receipt: %(why)s.") % {"why": SILENCES.get(problem, problem)}


def sayable_words(one: Sayable) -> str:
    """Return what a choice of the form means."""
    if one.kind == "answer":
        return gettext("Answer question %(number)s") % {"number": one.about}
    if one.kind == "retraction":
        return gettext("Withdraw message %(number)s") % {"number": one.about}
    if one.kind == "reassessment":
        return gettext("Assessed here as: %(grade)s") % {"grade": GRADES[one.what]}
    return str(ACTIONS[one.what]) if one.kind == "action" else str(_SAY[one.kind])
