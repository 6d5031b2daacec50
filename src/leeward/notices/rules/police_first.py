"""Whether anybody but the police may be told about a case yet. Pure."""

from typing import Literal

from leeward.notices.rules.answers import Standing, is_free

# untold: the police don't know, so nobody else may; police: they know and are waited for, those in charge abroad may be told;
# person: a contact says that somebody else is in charge, and a person chooses whom to write to; open: the host and everybody else may be told.
Gate = Literal["untold", "police", "person", "open"]
SETTLE_PAGE = "/desk/referrals/untold/{notice_case}"
PROBLEMS = ("no_police_contact", "police_not_told", "police_unsure")


def gate_of(standing: Standing | None, *, asks_police: bool, waits_for_person: bool) -> Gate:
    """How far telling others may go, by the newest referral of a notice case (None: there is none) and by whether a contact says that
    somebody else is in charge."""
    if asks_police and (standing is None or standing.sent_at is None):
        return "untold"
    if asks_police and standing is not None and not is_free(standing):
        return "police"
    return "person" if waits_for_person else "open"


def problem_of(fate: str) -> str:
    """What keeps a notice case back whose referral did not go: a word of `PROBLEMS`."""
    return "police_unsure" if fate == "unsure" else "police_not_told"
