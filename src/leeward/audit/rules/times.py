"""Rows of a chain whose time is before that of the row before them, and what explains it. Pure.

A row's time is taken when its act begins, so rows of acts that waited for each other stand out of order by seconds or
minutes; a job that runs for long may be later still.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from leeward.audit.rules.chain import Entry

USUAL = timedelta(minutes=10)
NOTICED = timedelta(minutes=5)
MOST = 100


@dataclass(frozen=True, slots=True)
class JumpBack:
    """The machine's clock was set back: what it said afterwards, when that was noticed, and by how much."""

    at: datetime
    by: timedelta


@dataclass(frozen=True, slots=True)
class Backward:
    """A row whose time is before that of a row before it: its number, both times as stored, and whether a jump of the clock that
    the log speaks of explains it."""

    number: int
    at: str
    before: str
    is_explained: bool

    @property
    def sentence(self) -> str:
        """Return it in words."""
        why = "the clock was set back then" if self.is_explained else "no jump of the clock explains it"
        return f"The time of row {self.number} ({self.at[:19]}) is before that of a row before it ({self.before[:19]}); {why}."


class Times:
    """Looks at the times of rows that go through `over`; `backward` holds the first of those that go backwards."""

    def __init__(self, jumps: Iterable[JumpBack] = ()) -> None:
        """Begin with nothing; `jumps` are those of which the log speaks."""
        self._jumps = tuple(jumps)
        self._latest = ""
        self.backward: list[Backward] = []

    def over(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Pass the rows on."""
        for entry in entries:
            if entry.at >= self._latest:
                self._latest = entry.at
            else:
                self._look(entry)
            yield entry

    def _look(self, entry: Entry) -> None:
        try:
            at, latest = datetime.fromisoformat(entry.at), datetime.fromisoformat(self._latest)
            gap = latest - at
        except (ValueError, TypeError):  # the check of the chain names it
            return
        if gap <= USUAL:
            return
        if len(self.backward) < MOST:
            is_explained = any(explains(jump, latest, at) for jump in self._jumps)
            self.backward.append(Backward(entry.number, entry.at, self._latest, is_explained))
        self._latest = entry.at  # the rows that follow it are right again


def explains(jump: JumpBack, latest: datetime, at: datetime) -> bool:
    """Return whether rows at `latest` and then at `at` are what a jump leaves: the one from before it, by the clock that was ahead,
    the other from after it. It is noticed within minutes."""
    return at >= jump.at - NOTICED and latest <= jump.at + jump.by + NOTICED
