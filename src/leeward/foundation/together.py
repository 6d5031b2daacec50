"""What threads of one process bring at the same moment, done at once by one of them: to begin and end a transaction costs as much for
one thing as for ten.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal

from leeward.foundation.watch import untimed

# What becomes of what a thread brought: it is done, its thread does all that waits, or its thread does it alone.
Fate = Literal["done", "leads", "alone"]
LONGEST_WAIT_SECONDS = 30.0


@dataclass(eq=False, slots=True)
class _Brought[T]:
    thing: T
    until: float
    fate: Fate = "alone"
    settled: threading.Event = field(default_factory=threading.Event)


class Together[T]:
    """A line of threads. `begin` opens what things are done in, such as a transaction, and may wait for it; `act` does them. Nobody waits
    longer than `seconds` for another thread, which may never answer: what it took may then be done twice, and has to be refused
    the second time."""

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[object]],
        act: Callable[[Sequence[T]], None],
        *,
        seconds: float = LONGEST_WAIT_SECONDS,
    ) -> None:
        self._begin, self._act, self._seconds = begin, act, seconds
        self._lock = threading.Lock()
        self._waiting: list[_Brought[T]] = []
        self._leader: _Brought[T] | None = None
        self._led_since = 0.0

    @property
    def waiting(self) -> int:
        """Return how many wait, with whoever does it for all."""
        return len(self._waiting)

    def do(self, thing: T) -> None:
        """Do it, with what others bring meanwhile. Where that fails, each is done by its own thread, as if it had come alone: so what
        is wrong with one is no other's trouble. Raises what doing it alone raises."""
        brought = _Brought(thing, monotonic() + self._seconds)
        if not self._leads(brought) and self._waits_in_vain(brought):
            self.do_alone(thing)
        elif brought.fate == "leads":
            self._lead(brought)
        elif brought.fate == "alone":
            self.do_alone(thing)

    def do_alone(self, thing: T) -> None:
        """Do it, and nothing else with it."""
        with self._begin():
            self._act([thing])

    def _leads(self, brought: _Brought[T]) -> bool:
        with self._lock:
            self._waiting.append(brought)
            if self._leader is not None:
                return False
            self._let_lead(brought)
            return True

    def _waits_in_vain(self, brought: _Brought[T]) -> bool:
        """Wait for whoever leads; return whether that took too long."""
        with untimed():
            while not brought.settled.wait(max(brought.until - monotonic(), 0)):
                if brought.until <= monotonic() and self._leaves(brought):
                    return True
        return False

    def _leaves(self, brought: _Brought[T]) -> bool:
        """Leave the line, and let whoever comes next lead it where the leader is late, which does what it brought alone if it wakes. Return
        whether nothing was settled meanwhile."""
        with self._lock:
            if brought.settled.is_set():
                return False
            late = self._leader if self._led_since + self._seconds <= monotonic() else None
            self._waiting = [one for one in self._waiting if one not in (brought, late)]
            if late is not None:
                self._leader = None
                self._hand_on()
            return True

    def _lead(self, own: _Brought[T]) -> None:
        taken: list[_Brought[T]] = []
        fate: Fate = "alone"
        try:
            with self._begin():
                taken = self._take(own)  # whoever came while we waited comes along
                self._act([one.thing for one in taken])
            fate = "done"
        except Exception:
            if taken in ([], [own]):
                raise
        finally:
            self._settle(own, [one for one in taken or self._take(own) if one is not own], fate)
        if fate == "alone":
            self.do_alone(own.thing)

    def _take(self, own: _Brought[T]) -> list[_Brought[T]]:
        """Return all that waits, where this thread leads still; else what it brought itself."""
        with self._lock:
            if self._leader is not own:
                return [own]
            taken, self._waiting = self._waiting, []
            for one in taken:
                one.until = monotonic() + self._seconds
            return taken

    def _settle(self, own: _Brought[T], others: Iterable[_Brought[T]], fate: Fate) -> None:
        """Let the others go on, and let whoever has come since lead next."""
        with self._lock:
            for one in others:
                one.fate = fate
                one.settled.set()
            if self._leader is own:
                self._leader = None
                self._hand_on()

    def _hand_on(self) -> None:
        """Let the first that waits lead, if any does; with the lock."""
        if self._waiting:
            self._let_lead(self._waiting[0])
            self._waiting[0].settled.set()

    def _let_lead(self, brought: _Brought[T]) -> None:
        self._leader, self._led_since, brought.fate = brought, monotonic(), "leads"
