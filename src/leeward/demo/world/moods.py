"""How the demonstration's mail server treats a recipient, and for how many tries."""

import threading
from dataclasses import dataclass
from typing import Literal

type Moment = Literal["RCPT", "DATA"]
EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Mood:
    """What happens at a moment of the conversation: a reply, a delay, a dropped connection, a message kept or not."""

    at: Moment
    reply: str = "250 2.0.0 Kept"
    wait_seconds: float = 0.0
    drops: bool = False
    keeps: bool = False

    @property
    def code(self) -> int:
        """The reply's code; 0 where there is no reply."""
        return 0 if self.drops else int(self.reply[:3])


class Moods:
    """The moods queued for each recipient, in the order in which they were added; thread-safe."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[Mood, int | None]]] = {}
        self._lock = threading.Lock()

    def add(self, recipient: str, mood: Mood, times: int | None) -> None:
        """Apply this mood to the next `times` tries (None: to every try from then on)."""
        with self._lock:
            self._waiting.setdefault(recipient.lower(), []).append((mood, times))

    def take(self, recipient: str, at: Moment) -> Mood | None:
        """Return the mood for a recipient at this moment, and count it; the recipient's own takes precedence over EVERYBODY's."""
        with self._lock:
            for name in (recipient.lower(), EVERYBODY):
                waiting = self._waiting.get(name)
                if not waiting or waiting[0][0].at != at:
                    continue
                mood, left = waiting[0]
                if left is not None:
                    waiting[:1] = [(mood, left - 1)] if left > 1 else []
                return mood
        return None

    def forget(self, recipient: str | None = None) -> None:
        """Drop the moods of one recipient, or all."""
        with self._lock:
            if recipient is None:
                self._waiting.clear()
            else:
                self._waiting.pop(recipient.lower(), None)
