"""What the desk calls what came in on the public pages and could not be taken in: what it is, why, and why it is given up."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.intake.labels import KINDS, SOURCES

ARRIVALS: dict[str, str | Promise] = {
    "report": _("Report"),
    "own_picture": KINDS["own"],
    "appeal": SOURCES["appeal"],
    "added": _("The reporter added"),
    "answered": _("The reporter answered"),
    "review": SOURCES["appeal"],
    "stated": _("The reporter added"),
    "withdrawn": _("Withdrawn"),
}
_NO_FORM, _NO_KEY = _("No form of ours sends this."), _("It can’t be opened with the keys that are here.")
KEPT_BACK: dict[str, str | Promise] = {
    "unreadable": _NO_FORM,
    "failed": _("It failed here. Whoever runs the server finds “spool.failed” in the messages of the worker."),
    "too_much": _("What it was added to is full."),
    "late": _("The request that it belongs to was answered before this was taken in."),
    "too_big": _("It is too large."),
    "unknown": _("This version doesn’t know what it is."),
    "elsewhere": _("Its portal is not this hotline’s."),
    "unopened": _NO_KEY,
    "waits": _("It waits for what it was added to."),
}
GIVEN_UP: dict[str, str | Promise] = {
    "no_form": _NO_FORM,
    "no_key": _NO_KEY,
    "known": _("Known already"),
    "other": _("Another reason"),
}
