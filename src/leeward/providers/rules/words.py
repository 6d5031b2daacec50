"""The closed vocabularies of providers: kinds, states, what a provider hears. Pure."""

from typing import Literal

KINDS = ("platform", "host", "access", "other")
ROLE_IN_LAW = {"platform": "platform", "host": "host", "access": "access", "other": "any_person"}
"""As whom the law binds a provider of each kind (`laws/rules/reporting.py`)."""
PERSONS = ("administrator", "replacement", "reporter")
PROVIDER_STATES = ("asked", "approved", "suspended", "refused", "ended")
# States from which two people let a provider in.
OUTSIDE = ("asked", "suspended")
# From which state a decision leads to which.
DECISIONS = {
    "approve": (OUTSIDE, "approved"),
    "refuse": (("asked",), "refused"),
    "suspend": (("approved",), "suspended"),
    "end": (("approved", "suspended"), "ended"),
}
WAITING, HELD, OPENED, FOLDED, ADDED, WITHDRAWN, TRIED = (
    "waiting",
    "held",
    "opened",
    "folded",
    "added",
    "withdrawn",
    "tried",
)
LINE_STATES = (WAITING, HELD, OPENED, FOLDED, ADDED, WITHDRAWN, TRIED)
"""`added`: a later report that was added to the case of the first; `tried`: a line of the sandbox, which goes nowhere."""
Feedback = Literal["received", "acted", "not_illegal", "known", "more_needed", "done"]
SUSPICIONS = ("false", "malicious")
WAYS = ("api", "csv", "form")
