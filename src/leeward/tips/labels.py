"""Labels of tips: their states, doubts, outcomes; translated where they are shown."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.tips.errors import REFUSALS

STATES: dict[str, Promise] = {
    "waiting": _("Waiting to become a case"),
    "held": _("Somebody has to decide"),
    "opened": _("A case"),
    "folded": _("In a bundle"),
    "closed": _("Closed"),
}
DOUBTS: dict[str, Promise] = {
    "other_country": _("It is meant for another country."),
    "contradiction": _("What it states can’t all be true."),
    "from_the_future": _("It is dated in the future."),
    "unsigned_mail": _("It came by mail, which anybody can write."),
    "came_again": _("It was closed, and came again."),
    "was_cut": _("It is longer than what is kept of it."),
}
RAISED: dict[str, Promise] = {
    "contact": _("somebody is reaching for a child"),
    "trafficking": _("a child is offered to others"),
    "escalated": _("the sender calls it urgent"),
    "access": _("the person reported has access to children"),
    "sextortion": _("a child is threatened with pictures"),
    "sadistic": _("a child is forced to harm itself or others"),
}
LABELS: dict[str, Promise] = {
    "unknown": _("Not stated"),
    "referral": _("Referral: enough to act on"),
    "informational": _("Informational"),
}
OUTCOMES: dict[str, Promise] = {
    "received": _("Received"),
    "duplicate": _("Duplicate"),
    "not_ours": _("Not our country"),
    "no_data": _("No data left"),
    "investigating": _("Under investigation"),
    "safeguarded": _("A child was safeguarded"),
    "arrest": _("Somebody was arrested"),
    "unfounded": _("Unfounded"),
    "more_needed": _("More is needed"),
}
EFFECTS: dict[str, Promise] = {
    "new": _("New"),
    "version": _("A new version"),
    "same": _("Here already"),
}
WAYS: dict[str, Promise] = {"desk": _("on the desk"), "command": _("by the command"), "mail": _("by mail")}
VIEWED = {True: _("viewed by the provider"), False: _("not viewed by the provider"), None: _("viewing not stated")}


def refusal(code: str) -> str:
    """Return in words why a file is refused."""
    return str(REFUSALS[code])


def raised_in_words(codes: Iterable[str]) -> str:
    """Return in words what makes a tip urgent."""
    return "; ".join(str(RAISED[code]) for code in codes)
