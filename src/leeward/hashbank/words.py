"""The hash bank's closed words, as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: dict[str, Promise] = {
    "confirmed": _("Confirmed"),
    "quarantined": _("Sources differ"),
    "withdrawn": _("Withdrawn"),
}
SIGNS = {"confirmed": "good", "quarantined": "soon", "withdrawn": "word"}
VERDICTS: dict[str, Promise] = {
    "confirm": _("Confirms it"),
    "dispute": _("Doubts it"),
    "not_illegal": _("Not illegal"),
}
DOUBTS: dict[str, Promise] = {
    "flood": _("Matches far more than before"),
    "called_false": _("A subscriber calls it false"),
}
VICTIMS: dict[str, Promise] = {
    "unknown": _("Not known"),
    "identified": _("Identified"),
    "safeguarded": _("Safeguarded"),
}
OFFENDERS: dict[str, Promise] = {
    "unknown": _("Not known"),
    "identified": _("Identified"),
    "charged": _("Charged"),
    "convicted": _("Convicted"),
}
MEDIA: dict[str, Promise] = {
    "image": _("Picture"),
    "animation": _("Animation"),
    "video": _("Video"),
    "other": _("Other file"),
}
UPLOADS: dict[str, Promise] = {
    "unsaid": _("Whose is it?"),
    "reading": _("Being read"),
    "read": _("Waits for your word"),
    "importing": _("Being brought in"),
    "stopped": _("Can’t be read"),
    "done": _("Brought in"),
}
