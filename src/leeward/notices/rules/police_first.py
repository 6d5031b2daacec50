"""Whether anybody but the police may be told about a case yet. Pure."""

from typing import Literal

from leeward.notices.rules.answers import Standing, is_free

# untold: the police don't know, so nobody else may; police: they know and are waited for, those in charge abroad may be told;
# open: the host and everybody else may be told.
Gate = Literal["untold", "police", "open"]
SETTLE_PAGE = "/desk/referrals/untold/{matter}"
PROBLEMS = ("no_police_contact", "police_not_told", "police_unsure")


def gate_of(standing: Standing | None, *, asks_police: bool) -> Gate:
    """How far telling others may go, by the newest referral of a matter (None: there is none)."""
    if not asks_police:
        return "open"
    if standing is None or standing.sent_at is None:
        return "untold"
    return "open" if is_free(standing) else "police"


def problem_of(fate: str) -> str:
    """What keeps a matter back whose referral did not go: a word of `PROBLEMS`."""
    return "police_unsure" if fate == "unsure" else "police_not_told"
