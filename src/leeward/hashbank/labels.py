"""The wording of the hash bank's closed vocabularies."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

STATES: dict[str, Promise] = {
    "confirmed": _("Confirmed"),
    "quarantined": _("To settle"),
    "harmless": _("Harmless look-alike"),
    "conflict": _("Conflict: illegal and harmless"),
    "withdrawn": _("Withdrawn"),
}
SIGNS = {"confirmed": "good", "quarantined": "soon", "harmless": "word", "conflict": "late", "withdrawn": "word"}
VERDICTS: dict[str, Promise] = {
    "confirm": _("Confirms it"),
    "dispute": _("Doubts it"),
    "not_illegal": _("Not illegal"),
    "harmless": _("Harmless look-alike"),
}
VERDICT_LABELS: dict[str, Promise] = VERDICTS | {"contradicts": _("Contradicts itself")}
RULINGS: dict[str, Promise] = {
    "confirm": _("It is illegal"),
    "not_illegal": _("It is not illegal"),
    "harmless": _("It is a harmless look-alike"),
}
MEANINGS: dict[str, Promise] = {
    "": _("Nobody has said what it means"),
    "confirm": _("Illegal"),
    "not_illegal": _("Not illegal"),
    "harmless": _("Harmless look-alike"),
    "dispute": _("Disputed"),
    "leave_out": _("Leave out"),
}
PROFILES: dict[str, Promise] = {
    "": _("Detect from the file"),
    "own": _("None: the list has no categories"),
    "vics": _("VICS 2.0, categories 0 to 5"),
    "vics-gb": _("VICS 2.0, United Kingdom"),
    "vics-other": _("VICS 2.0, another country"),
    "interpol": _("INTERPOL’s baseline scale, 1 to 4"),
    "ncmec": _("NCMEC, A1 to B2"),
    "threatexchange": _("ThreatExchange, by status"),
    "threatexchange-csv": _("ThreatExchange, by class"),
    "iwf": _("IWF, A to C in the column “label”"),
}
DOUBTS: dict[str, Promise] = {
    "flood": _("Several subscribers match it far more often than before"),
    "called_false": _("A subscriber calls it a false match"),
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
# Proper names, the same in every language.
SCHEMES = {"copine": "COPINE", "sap": "SAP", "uk": "UK", "a1_b2": "A1–B2", "interpol": "INTERPOL"}
UPLOADS: dict[str, Promise] = {
    "unsaid": _("Source needed"),
    "reading": _("Being read"),
    "read": _("Waiting for your decision"),
    "proposed": _("Waiting for a second person"),
    "importing": _("Being imported"),
    "stopped": _("Can’t be read"),
    "done": _("Imported"),
}
EFFECTS: dict[str, Promise] = {
    "baseline": _("Whether two sources confirm it"),
    "facts": _("The facts stated about it"),
    "verdict": _("What the source says about it; its status stays"),
    "hashes": _("It is found by more hashes"),
    "sharing": _("Which of its hashes may be passed on"),
    "united": _("It becomes one record with another"),
}
ALARMS: dict[str, Promise] = {
    "key_ended": _("Its key has expired"),
    "failing": _("Fetches fail"),
    "stale": _("Has an outdated list"),
    "never_fetched": _("Has never fetched it"),
}
REFUSALS: dict[str, Promise] = {
    "no_such_form": _("It asks for a format in which the list is not published."),
    "version_in_future": _("It says that it holds a version that was never published."),
    "version_unreadable": _("The version that it says it holds is not a number."),
}
SOURCE_STATES: dict[str, Promise] = {
    "no_agreement": _("Off: no agreement"),
    "needs_second": _("Off: second person needed"),
    "paused": _("Paused"),
    "failing": _("Failing"),
    "waiting": _("Not pulled yet"),
    "up_to_date": _("Up to date"),
}
SOURCE_SIGNS = {
    "no_agreement": "word",
    "needs_second": "soon",
    "paused": "word",
    "failing": "late",
    "waiting": "word",
    "up_to_date": "acted",
}
# Proper names, the same in every language.
PROTOCOLS = {
    "ncmec": "NCMEC",
    "stopncii": "StopNCII",
    "threatexchange": "ThreatExchange",
    "leeward": "Leeward",
}


def effect(code: str) -> str:
    """Return the wording of what a list does to records that are there."""
    before, arrow, after = code.partition(">")
    if not arrow:
        return str(EFFECTS[code])
    words = {"before": STATES[before], "after": STATES[after]}
    return gettext("Its status: “%(before)s” becomes “%(after)s”") % words
