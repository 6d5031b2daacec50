"""What bounced mail says about its contact. Pure."""

from typing import Literal

from leeward.foundation.patterns import Pattern

Grade = Literal["gone", "hard", "soft"]

# "No such mailbox", "no such domain", "bad address", "moved without a trace", "no mail here", "mailbox disabled" (RFC 3463).
_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_NUMBERS = Pattern(r"[0-9.]+")
_STATUS = Pattern(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
# Servers that give no status report a missing mailbox with these codes (RFC 5321).
_NO_MAILBOX = frozenset({550, 551, 553})
SOFT_FOR_A_HARD = 3


def status_in(text: str) -> str:
    """Return the first enhanced status code in a text, or ""."""
    numbers = (found[0] for found in _NUMBERS.finditer(text[:20_000]))
    return next((number for number in numbers if _STATUS.fullmatch(number)), "")


def grade_of(status: str) -> Grade:
    """Return how serious a failure with this enhanced status is: the address is gone, a hard failure, or one that may
    pass."""
    if status in _GONE:
        return "gone"
    return "hard" if status.startswith("5") else "soft"


def grade_of_refusal(code: int, status: str) -> Grade:
    """Return how serious it is that a server refused the recipient with this code and perhaps a status."""
    if status:
        return grade_of(status)
    if code in _NO_MAILBOX:
        return "gone"
    return "hard" if code >= 500 else "soft"


def grade_of_post(code: int, *, is_refusal: bool) -> Grade:
    """Return how serious a failed post to a webhook is, with this code or none."""
    if code == 410:
        return "gone"
    return "hard" if is_refusal else "soft"


def is_bad(grade: Grade, *, hard: int, soft: int, most: int) -> bool:
    """Return whether a contact counts as bad after this failure: its address is gone, or there were too many failures
    without a sign of life in between; three soft ones count as one hard one."""
    return grade == "gone" or hard + soft // SOFT_FOR_A_HARD >= most
