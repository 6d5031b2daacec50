"""Why something in the spool isn't taken in. `Arrival.problem` holds one of these codes."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError

UNREADABLE = "unreadable"  # what no form of ours sends
FAILED = "failed"  # for a reason of ours
TOO_MUCH = "too_much"  # what it was added to is full
TOO_BIG = "too_big"  # never read
UNKNOWN = "unknown"  # of a kind that nobody here takes in
ELSEWHERE = "elsewhere"  # the portal isn't its hotline's
UNOPENED = "unopened"  # sealed to another key
LATE = "late"  # what it was an answer to was settled before
WAITS = "waits"  # what it belongs to has a problem


class PublicFileOfAnother(LeewardError):
    """The settings name a file of the public face that another installation uses."""

    code = "public_file_of_another"
    sentence = _("LEEWARD_PUBLIC_DATABASE names {path}, which another installation uses, or may use.")
    hint = _(
        "A copy for trial gets a file of its own by that setting. If this installation takes the place of the other, which runs no longer: "
        "leeward spool take-over."
    )
    status = 503


class NotAcceptable(Exception):
    """What an arrival holds can't be taken in as it is: it stays, for a person to see."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class NotYet(Exception):
    """What an arrival belongs to isn't here, but waits itself, with a problem."""
