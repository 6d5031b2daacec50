"""What a worker does with one item, in either engine."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from leeward.matching.hashing.licensed import loaded
from leeward.scanning.containers.bounds import USUAL_BOUNDS, Bounds
from leeward.scanning.entries import Entry, Place, json_line
from leeward.scanning.file_matcher import FileMatcher
from leeward.scanning.lists import ListFiles, opened_list
from leeward.scanning.sources import Item, opened
from leeward.scanning.sources.files import error_text
from leeward.scanning.sources.urls import reason
from leeward.scanning.tally import Tally

_TRIES = 3
_WAIT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Work:
    """What every worker needs to know: the lists, the distance for pictures, limits, which rows are wanted, and the
    names of adapters for licensed hashes."""

    lists: tuple[ListFiles, ...]
    radius: int = 31
    bounds: Bounds = USUAL_BOUNDS
    only_matches: bool = False
    licensed: str = ""
    altered: bool = True

    def matcher(self) -> FileMatcher:
        """Open the lists; raises OSError, LeewardError."""
        hashers = loaded(self.licensed)
        lists = [opened_list(files, self.radius, hashers, altered=self.altered) for files in self.lists]
        return FileMatcher(lists, self.bounds, hashers)


@dataclass(slots=True)
class Done:
    """One finished item: its key, its rows as lines of JSON, and their counts."""

    key: bytes
    lines: bytes = b""
    tally: Tally = field(default_factory=Tally)


def scan_item(matcher: FileMatcher, item: Item, *, only_matches: bool = False) -> Done:
    """Examine one item; never raises for what is wrong with it. Failed reads from an address are retried twice."""
    for left in reversed(range(_TRIES)):
        try:
            return done(item, _entries(matcher, item), only_matches=only_matches)
        except Exception as error:  # drivers raise errors of their own, and no single file may end the scan
            lasting = isinstance(error, (FileNotFoundError, PermissionError)) or not item.is_url
            if lasting or not left:
                why = error_text(error) if isinstance(error, OSError) and not item.is_url else reason(error)
                return lost(item, f"it can't be read ({why})" if item.is_url else why)
            with suppress(InterruptedError):
                time.sleep(_WAIT_SECONDS)
    raise AssertionError


def done(item: Item, entries: Iterator[Entry], *, only_matches: bool = False) -> Done:
    """Collect the rows of an item; `only_matches` keeps those with a match or an error, and counts all."""
    found = Done(item.key)
    lines = []
    for entry in entries:
        row = entry.as_dict()
        found.tally.add(row)
        if not only_matches or entry.matches or entry.error:
            lines.append(json_line(row))
    found.lines = b"".join(lines)
    return found


def lost(item: Item, why: str) -> Done:
    """Return the row of an item that could not be examined."""
    return done(item, iter([Entry(Place(item.shown), "file", error=why)]))


def _entries(matcher: FileMatcher, item: Item) -> Iterator[Entry]:
    place = Place(item.shown)
    if item.problem is not None or item.note is not None:
        yield Entry(place, "link" if item.note else "file", error=item.problem, note=item.note)
        return
    with opened(item) as (stream, seekable):
        yield from matcher.scan(place, stream) if seekable else matcher.scan_once(place, stream)
