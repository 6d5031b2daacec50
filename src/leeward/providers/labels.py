"""Labels of providers: kinds, states, feedback; translated where they are shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leeward.providers.errors import LINE_REFUSALS

KINDS: dict[str, Promise] = {
    "platform": _("Platform: people publish or send things on it"),
    "host": _("Host: it stores what others publish"),
    "access": _("Access provider"),
    "other": _("Another organisation"),
}
PERSONS: dict[str, Promise] = {
    "administrator": _("Administrator"),
    "replacement": _("Replacement of the administrator"),
    "reporter": _("Reports for it"),
}
PROVIDER_STATES: dict[str, Promise] = {
    "asked": _("Waiting for approval"),
    "approved": _("Approved"),
    "suspended": _("Suspended"),
    "refused": _("Refused"),
    "ended": _("Ended"),
}
LINE_KINDS: dict[str, Promise] = {
    "first": _("First report"),
    "subsequent": _("Subsequent report"),
    "correction": _("Correction"),
    "withdrawal": _("Withdrawal"),
}
LINE_STATES: dict[str, Promise] = {
    "waiting": _("Waiting to become a case"),
    "held": _("Somebody has to decide"),
    "opened": _("A case"),
    "folded": _("With another line about the same thing"),
    "added": _("Added to the case of the first report"),
    "withdrawn": _("Withdrawn by the provider"),
    "tried": _("In the sandbox"),
}
FEEDBACK: dict[str, Promise] = {
    "received": _("Received"),
    "acted": _("Acted on"),
    "not_illegal": _("Not illegal"),
    "known": _("Known already"),
    "more_needed": _("More is needed"),
    "done": _("Our work on it is done"),
}
SUSPICIONS: dict[str, Promise] = {
    "": _("None"),
    "false": _("It may be false"),
    "malicious": _("It may be malicious"),
}
DECISIONS: dict[str, Promise] = {
    "suspicion": _("Suspicion"),
    "hold": _("Legal hold"),
    "destroyed": _("Destroyed by the provider"),
}
CLOCKS: dict[str, Promise] = {
    "met": _("within the law’s time"),
    "later": _("later than the time that is on record; there may be a reason"),
    "words": _("the law gives no hours"),
    "none": _("no time is on record"),
}
BOUND: dict[str, Promise] = {
    "yes": _("binds this kind of provider"),
    "no": _("has no such duty on record"),
    "unknown": _("not on record"),
}
STEPS: dict[str, Promise] = {
    "kept": _("to be kept"),
    "soon": _("ends within a week"),
    "over": _("its time is over"),
    "held": _("held by an order"),
    "destroyed": _("destroyed"),
    "not_recorded": _("no time is on record"),
}
WAYS: dict[str, Promise] = {"api": _("by a program"), "csv": _("as CSV"), "form": _("by the form")}


def refusal(code: str, field: str = "", *, privilege: str = "") -> str:
    """Return in words why a line isn't taken, with the field that it is about. `privilege`: what the law itself says of that, as far
    as it is on record."""
    sentence = str(LINE_REFUSALS[code])
    if code == "privileged":
        return f"{sentence}. {privilege or gettext('No law on record here says more of it: a lawyer can.')}"
    return f"{field}: {sentence}" if field else sentence
