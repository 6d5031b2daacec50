"""Whether anybody but the police may already be told about a case. Pure."""

from typing import Literal

from leeward.notices.rules.answers import Standing, is_free

# untold: the police don't know, so nobody else may; police: they know and we wait for them, those in charge abroad may
# be told; address: the same, since they hold another case about the same address; person: a contact says that somebody
# else is in charge, and a person must choose the recipient; open: the host and everybody else may be told.
Gate = Literal["untold", "police", "address", "person", "open"]
# The kind of job by which the police's time ends: a wait or a hold that has none ends only by what somebody says.
REFERRAL_TIME = "notices.referral_time"
SETTLE_PAGE = "/desk/referrals/untold/{notice_case}"
# In these states of a notice case the police come first.
WAITS = ("untold", "police", "address")
PROBLEMS = ("no_police_contact", "police_not_told", "police_unsure")


def gate_of(standing: Standing | None, *, asks_police: bool, is_held: bool, waits_for_person: bool) -> Gate:
    """Return how far telling others may go, by the newest referral of a notice case (None if there is none), by whether the police hold
    the case (`is_held`), also if nobody asks them any more, and by whether a contact says that somebody else is in charge."""
    if asks_police and (standing is None or standing.sent_at is None):
        return "untold"
    if is_held or (asks_police and standing is not None and not is_free(standing)):
        return "police"
    return "person" if waits_for_person else "open"


def problem_of(fate: str) -> str:
    """Return what is blocking a notice case whose referral wasn't sent: one of `PROBLEMS`."""
    return "police_unsure" if fate == "unsure" else "police_not_told"
