"""A server that wants to be asked later: neither an answer nor silence."""

from datetime import datetime


class AskLater(Exception):
    """Raised instead of asking: not before `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat(timespec="seconds"))
        self.at = at
