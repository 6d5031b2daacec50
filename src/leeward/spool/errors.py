"""Why something in the spool isn't taken in."""

UNREADABLE = "unreadable"  # what no form of ours sends
FAILED = "failed"  # for a reason of ours


class NotAcceptable(Exception):
    """What an arrival holds can't have come from a form of ours: it stays, for a person to see."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class NotYet(Exception):
    """What an arrival belongs to isn't here, but waits itself, with a problem."""
