"""What the chaos itself knows: what was promised to whom, which time was cut out by a restoring, what went wrong on the way."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from leeward.intake.rules.receipt import receipt_hash


@dataclass(frozen=True, slots=True)
class Promise:
    """A report of an address: its receipt, "" if the answer never came; and when it was given, by the real clock."""

    address: str
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cut:
    """A restoring: what was promised or mailed between the two times is not in the installation any more."""

    since: datetime
    until: datetime
    mails: int  # how many had arrived when it was cut


@dataclass(slots=True)
class Record:
    """Kept by everybody who takes part; any thread may add."""

    promises: list[Promise] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    # Where the public face has a file of its own: the salt of what is stored of receipts, and what was stored of those that went with
    # such a file before they were fetched.
    salt: bytes = b""
    lost: set[str] = field(default_factory=set)
    lists_fetched: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def promise(self, one: Promise) -> None:
        """Write down a report that was taken, or may have been."""
        with self.lock:
            self.promises.append(one)

    def wrong(self, what: str) -> None:
        """Write down something that must not happen."""
        with self.lock:
            self.wrongs.append(what)

    def is_cut(self, at: datetime) -> bool:
        """Return whether what happened then was cut out by a restoring."""
        return any(cut.since <= at <= cut.until for cut in self.cuts)

    def is_lost(self, one: Promise) -> bool:
        """Return whether the report of a receipt went with the public face's file before it was fetched."""
        return bool(self.lost and one.receipt) and _stored(self.salt, one.receipt) in self.lost


_stored = cache(receipt_hash)  # which is slow on purpose
