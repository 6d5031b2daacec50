"""What a check sees: it holds, it doesn't, or it can't be seen from here."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from leeward.site.config import Config

type State = Literal["holds", "doesn't", "unseen"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was looked at: how it is, and what to do where it isn't good."""

    state: State
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Here:
    """What is looked at: the settings, the moment, the machine below `root`, and the certificates that are `trusted` (None: the system's)."""

    config: Config
    now: datetime
    root: Path = Path("/")
    trusted: ssl.SSLContext | None = None

    def text(self, path: str) -> str | None:
        """Return the text of a file of the machine; None if it can't be read."""
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None

    def files(self, *patterns: str) -> list[Path]:
        """Return the files of the machine that match, sorted by name within each pattern."""
        return [path for pattern in patterns for path in sorted(self.root.glob(pattern))]


type Check = Callable[[Here], Iterator[Seen]]


def holds(sentence: str) -> Seen:
    """Say that it is as it should be."""
    return Seen("holds", sentence)


def fails(sentence: str, hint: str) -> Seen:
    """Say that it isn't, and what to do."""
    return Seen("doesn't", sentence, hint)


def unseen(sentence: str, hint: str) -> Seen:
    """Say that it can't be seen from here, and what a person should do."""
    return Seen("unseen", sentence, hint)
