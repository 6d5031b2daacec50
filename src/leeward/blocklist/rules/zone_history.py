"""The states of a zone that secondaries may still hold: the newest in full, the older ones as incremental steps to it."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from leeward.blocklist.rules.serials import is_newer
from leeward.foundation.errors import LeewardError

MOST_STEPS = 1000


class SerialNotNewer(LeewardError):
    """A state of a zone must have a newer serial than the one before (RFC 1982)."""

    code = "serial_not_newer"
    sentence = "The serial {serial} is not newer than {held}, which secondaries already hold."
    hint = "Use the serial that follows the last one given out."
    status = 409

    def __init__(self, serial: int, held: int) -> None:
        super().__init__(serial=serial, held=held)


@dataclass(frozen=True, slots=True)
class Step:
    """The changes from the state `old` to a later one."""

    old: int
    removed: frozenset[str]
    added: frozenset[str]

    def __len__(self) -> int:
        return len(self.removed) + len(self.added)


class ZoneHistory:
    """The current owners of a zone's rules, and the last steps that led there."""

    def __init__(self, serial: int, owners: Iterable[str]) -> None:
        self.serial = serial
        self.owners = frozenset(owners)
        self._steps: deque[Step] = deque(maxlen=MOST_STEPS)

    def publish(self, serial: int, owners: Iterable[str]) -> None:
        """Add the next state; raises SerialNotNewer."""
        if not is_newer(serial, self.serial):
            raise SerialNotNewer(serial, self.serial)
        fresh = frozenset(owners)
        self._steps.append(Step(self.serial, self.owners - fresh, fresh - self.owners))
        self.serial, self.owners = serial, fresh

    def since(self, serial: int) -> Step | None:
        """Return one step from an older serial to the current one, without what came and went in between; None if it is
        unknown.
        """
        removed: set[str] = set()
        added: set[str] = set()
        for step in reversed(self._steps):
            removed, added = (
                (removed - step.added) | (step.removed - added),
                (added - step.removed) | (step.added - removed),
            )
            if step.old == serial:
                return Step(serial, frozenset(removed), frozenset(added))
        return None
