"""The steps of a report to the CyberTipline, and what follows from each answer. Pure.

A step is marked as begun before its request goes out. If nobody knows whether a request arrived, the report that may be
open there is withdrawn first: the answer says whether it was finished. Unfinished reports vanish there by themselves, so
that nothing is ever reported twice.
"""

from dataclasses import dataclass
from datetime import timedelta

SUBMIT, UPLOAD, FILEINFO, FINISH = "submit", "upload", "fileinfo", "finish"
DOUBT, RETRACT = "doubt", "retract"  # withdraw because nobody knows how far it came; because a person wants that
SENT, RETRACTED, REFUSED, HELD = "sent", "retracted", "refused", "held"
STEPS = (SUBMIT, UPLOAD, FILEINFO, FINISH, DOUBT, RETRACT)
ENDS = (SENT, RETRACTED, REFUSED, HELD)
OK = 0
NO_REPORT, NO_FILE, WAS_RETRACTED, WAS_FINISHED = 5001, 5002, 5101, 5102
AGAIN = frozenset({1000, 1100, 1110, 1111, 1300})
NOT_LET_IN = frozenset({2000, 3000, 3100, 3300})  # until an administrator mends it
# Each code with what it means, in our words.
CODES = {
    0: "done", 1000: "server error", 1100: "not stored", 1110: "upload failed", 1111: "file not stored", 1210: "not found",
    1300: "not updated", 2000: "user or password refused", 3000: "not authorised", 3100: "submissions not allowed",
    3300: "updates not allowed", 4000: "request invalid", 4100: "document invalid", 4110: "not XML", 4200: "file unreadable",
    5001: "no such report", 5002: "no such file", 5101: "retracted already", 5102: "finished already",
}  # fmt: skip
DELAYS = (1, 5, 15, 60)  # minutes


@dataclass(frozen=True, slots=True)
class Next:
    """The step that follows; `begun`: its request may have been sent already; `again`: only after a delay."""

    step: str
    begun: bool = False
    again: bool = False


def resumed(step: str, *, begun: bool) -> str:
    """Return the step with which work goes on after a crash, or after an answer that never came."""
    return DOUBT if begun and step in (UPLOAD, FILEINFO, FINISH) else step


def after(step: str, code: int, *, has_list: bool) -> Next:
    """Return what follows from the answer to a step. `has_list`: there is a list to go along."""
    if step in (DOUBT, RETRACT):
        return _after_withdrawal(step, code)
    if code == OK:
        return Next({SUBMIT: UPLOAD if has_list else FINISH, UPLOAD: FILEINFO, FILEINFO: FINISH, FINISH: SENT}[step])
    if code == WAS_FINISHED and step == FINISH:
        return Next(SENT)
    if code in (NO_REPORT, NO_FILE, WAS_RETRACTED) and step != SUBMIT:
        return Next(SUBMIT, again=True)
    if code in AGAIN:
        return Next(step, begun=True, again=True)
    return Next(REFUSED)


def _after_withdrawal(step: str, code: int) -> Next:
    if code == WAS_FINISHED:
        return Next(SENT)
    if code in (OK, NO_REPORT, WAS_RETRACTED):
        return Next(SUBMIT if step == DOUBT else RETRACTED)
    # It may have been finished: called refused, it would be reported once more.
    return Next(step, again=True) if code in AGAIN | NOT_LET_IN else Next(HELD)


def after_silence(step: str, *, was_sent: bool) -> Next:
    """Return what follows where no answer came; without `was_sent` nothing of the request can have arrived."""
    return Next(step, begun=was_sent, again=True)


def wanted_back(step: str, *, begun: bool) -> Next | None:
    """Return what follows where a person wants a report back, or None where it is over. Without `begun` nothing of its
    step was sent; otherwise it may be arriving there at this moment."""
    if step not in STEPS:
        return None
    return Next(RETRACTED) if step == SUBMIT and not begun else Next(RETRACT)


def delay(failures: int) -> timedelta:
    """Return how long to wait after this many failures in a row."""
    return timedelta(minutes=DELAYS[min(max(failures, 1), len(DELAYS)) - 1])
