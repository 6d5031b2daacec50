"""Who takes in which kind of arrival, and who says what a receipt shows. Filled when the slices' `tasks` modules are loaded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leeward.foundation.errors import LeewardError


@dataclass(frozen=True, slots=True)
class Opened:
    """An arrival that is to be taken in, in its hotline's scope: `content` is what was sealed, not to be trusted."""

    kind: str
    hotline_id: int
    portal_id: int
    language: str
    received_at: datetime
    receipt: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is to be shown to the holder of a receipt, whose hash this is; `once` is the digest of the form that it came with."""

    receipt: str
    once: str
    shows: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taker:
    """How a kind of arrival is taken in; `silent` are the reasons for which it no longer applies, which nobody has to know."""

    take: Callable[[Opened], None]
    silent: tuple[type[LeewardError], ...] = ()


@dataclass(frozen=True, slots=True)
class Teller:
    """Of what `kind` numbers are: what the receipts of some show now (those that show nothing are left out), and the next numbers
    that have a receipt, for whoever compares all. In the scope of their hotline."""

    shown: Callable[[Sequence[int]], Mapping[int, Shown]]
    numbers_after: Callable[[int, int], list[int]]


TAKERS: dict[str, Taker] = {}
TELLERS: dict[str, Teller] = {}


def takes(kind: str, *, silent: Sequence[type[LeewardError]] = ()) -> Callable[[Callable[[Opened], None]], object]:
    """Register `function(opened)` for arrivals of a kind. It raises NotAcceptable for what no form of ours sends, and NotYet."""

    def mark(function: Callable[[Opened], None]) -> Callable[[Opened], None]:
        TAKERS[kind] = Taker(function, tuple(silent))
        return function

    return mark


def tells(kind: str, teller: Teller) -> None:
    """Register who says what the receipts of a kind show."""
    TELLERS[kind] = teller
