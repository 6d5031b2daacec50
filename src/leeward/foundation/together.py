"""What threads of one process bring at the same moment, done at once by one of them: to begin and end a transaction costs as much for
one thing as for ten.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal

from leeward.foundation.watch import untimed

# What becomes of what a thread brought: it is done, its thread does all that waits, or its thread does it alone.
Fate = Literal["done", "leads", "alone"]


@dataclass(eq=False, slots=True)
class _Brought[T]:
    thing: T
    fate: Fate = "alone"
    settled: threading.Event = field(default_factory=threading.Event)


class Together[T]:
    """A line of threads. `begin` opens what things are done in, such as a transaction, and may wait for it; `act` does them."""

    def __init__(self, begin: Callable[[], AbstractContextManager[object]], act: Callable[[Sequence[T]], None]) -> None:
        self._begin, self._act = begin, act
        self._lock = threading.Lock()
        self._waiting: list[_Brought[T]] = []
        self._is_led = False

    @property
    def waiting(self) -> int:
        """Return how many wait, with whoever does it for all."""
        return len(self._waiting)

    def do(self, thing: T) -> None:
        """Do it, with what others bring meanwhile. Where that fails, each is done by its own thread, as if it had come alone: so what
        is wrong with one is no other's trouble. Raises what doing it alone raises."""
        brought = _Brought(thing)
        if not self._leads(brought):
            with untimed():
                brought.settled.wait()
        if brought.fate == "leads":
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
            if self._is_led:
                return False
            self._is_led, brought.fate = True, "leads"
            return True

    def _lead(self, own: _Brought[T]) -> None:
        taken: list[_Brought[T]] = []
        fate: Fate = "alone"
        try:
            with self._begin():
                taken = self._take()  # whoever came while we waited comes along
                self._act([one.thing for one in taken])
            fate = "done"
        except Exception:
            if taken in ([], [own]):
                raise
        finally:
            self._settle([one for one in taken or self._take() if one is not own], fate)
        if fate == "alone":
            self.do_alone(own.thing)

    def _take(self) -> list[_Brought[T]]:
        with self._lock:
            taken, self._waiting = self._waiting, []
            return taken

    def _settle(self, others: Iterable[_Brought[T]], fate: Fate) -> None:
        """Let the others go on, and let whoever has come since lead next."""
        for one in others:
            one.fate = fate
            one.settled.set()
        with self._lock:
            self._is_led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].fate = "leads"
                self._waiting[0].settled.set()
