"""A list of 4-byte prefixes that is updated incrementally: additions as values, removals as positions in the sorted
list.

The checksum is SHA-256 over the sorted prefixes, so that both sides notice at once if their lists differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np

from leeward.blocklist.rules.errors import BadUpdate
from leeward.blocklist.rules.rice import Numbers

PREFIX_BYTES = 4
EMPTY: Numbers = np.zeros(0, np.uint32)
EMPTY.flags.writeable = False


@dataclass(frozen=True, slots=True, eq=False)
class HashList:
    """One state of a list: its sorted prefixes as big-endian 32-bit numbers. `version` is opaque to everybody but its
    source.
    """

    name: str
    version: bytes
    prefixes: Numbers
    minimum_wait: timedelta = timedelta(0)

    def __len__(self) -> int:
        return len(self.prefixes)

    @property
    def checksum(self) -> bytes:
        """SHA-256 over the prefixes, four bytes each, in order."""
        return checksum_of(self.prefixes)


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """An update. Partial: first the positions are removed, then the values added; otherwise the additions are the whole
    list.
    """

    name: str
    version: bytes
    is_partial: bool
    removals: Numbers
    additions: Numbers
    checksum: bytes
    minimum_wait: timedelta = timedelta(0)


def checksum_of(prefixes: Numbers) -> bytes:
    """Return SHA-256 over sorted prefixes."""
    return sha256(prefixes.astype(">u4").tobytes()).digest()


def prefixes_of(digests: Iterable[bytes]) -> Numbers:
    """Return the sorted prefixes of digests, without duplicates."""
    raw = b"".join(digest[:PREFIX_BYTES] for digest in digests)
    return np.unique(np.frombuffer(raw, ">u4").astype(np.uint32))


def whole(new: HashList) -> Update:
    """Return the update for a client that has no list."""
    return Update(new.name, new.version, False, EMPTY, new.prefixes, new.checksum, new.minimum_wait)


def difference(old: HashList, new: HashList) -> Update:
    """Return the update from `old` to `new`."""
    removals = np.flatnonzero(~np.isin(old.prefixes, new.prefixes, assume_unique=True)).astype(np.uint32)
    additions = np.setdiff1d(new.prefixes, old.prefixes, assume_unique=True)
    return Update(new.name, new.version, True, removals, additions, new.checksum, new.minimum_wait)


def updated(old: HashList, update: Update) -> HashList:
    """Return the state after an update; raises BadUpdate if it belongs to another list or its checksum doesn't match."""
    if update.name != old.name:
        raise BadUpdate(old.name, f"it is one of the list {update.name}")
    prefixes = _changed(old, update) if update.is_partial else update.additions
    if not update.is_partial and len(update.removals):
        raise BadUpdate(old.name, "it is a whole list and yet removes")
    if checksum_of(prefixes) != update.checksum:
        raise BadUpdate(old.name, "the checksum differs")
    return HashList(old.name, update.version, prefixes, update.minimum_wait)


def _changed(old: HashList, update: Update) -> Numbers:
    keep = np.ones(len(old), bool)
    if len(update.removals):
        if int(update.removals[-1]) >= len(old):
            raise BadUpdate(old.name, f"it removes place {int(update.removals[-1])} of {len(old)}")
        keep[update.removals] = False
    kept = old.prefixes[keep]
    places = np.searchsorted(kept, update.additions)
    return np.insert(kept, places, update.additions)


def may_ask_again_at(state: HashList, fetched_at: datetime) -> datetime:
    """Return when a client may ask for the next update."""
    return fetched_at + state.minimum_wait


def holds(state: HashList, prefix: int) -> bool:
    """Return whether a prefix is on the list."""
    place = int(np.searchsorted(state.prefixes, np.uint32(prefix)))
    return place < len(state.prefixes) and int(state.prefixes[place]) == prefix
