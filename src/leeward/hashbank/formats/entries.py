"""The entries of a list, independent of its format."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.hashbank.rules.kinds import BadHash, Hash, read_hash

MOST_BYTES_OF_AN_ENTRY = 16 << 20
MOST_NESTED = 64
MOST_DIGITS = 1000
_MANY_DIGITS = Pattern(rb"[0-9]{1000}")
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_SIGNS = bytes(set(range(256)) - set(b'[]{}"'))


@dataclass(slots=True)
class Entry:
    """One entry: the hashes of one file and what the list says about it. `place` is its line or entry number, counted
    from 1.

    `source`: which of several sources says so ("" for the list itself); `verdict`: what it says ("" for the list's
    default verdict); `gone`: withdraws what was said under `foreign_id`; `votes`: what others say, by name; `share`:
    how far it may be passed on; `category`: the list's own category, where it needs mapping.
    """

    place: int
    hashes: tuple[Hash, ...] = ()
    media: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    series: str = ""
    victim_status: str = ""
    offender_status: str = ""
    source: str = ""
    verdict: str = ""
    foreign_id: str = ""
    gone: bool = False
    at: datetime | None = None
    votes: tuple[tuple[str, str], ...] = ()
    share: str = ""
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """An unusable entry, one bad hash of an otherwise usable entry (`is_part`), or the place after which the file is
    unreadable (`is_end`): because of what it holds, or because its child came to no end (`is_cut`), so that reading it again
    may get further.
    """

    place: int
    why: object
    is_end: bool = False
    is_part: bool = False
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be exported. `gone`: it is no longer on the list."""

    record_id: int
    bank: str
    is_harmless: bool
    media: str
    facts: Mapping[str, Any]
    classification: Mapping[str, str]
    series: str
    victim_status: str
    offender_status: str
    first_seen: datetime
    last_seen: datetime
    is_baseline: bool
    hashes: tuple[Hash, ...]
    votes: tuple["OutgoingVote", ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingVote:
    """What one source says about an exported record. `source_id`: its number, the same in every list; `is_ours`: this
    hotline's own vote.
    """

    source: str
    verdict: str
    label: str
    source_id: int
    is_ours: bool


@dataclass(slots=True)
class Skipped:
    """How many records a format cannot express, and why."""

    count: int = 0
    why: str = ""

    def add(self, why: str) -> None:
        """Count one more record under this reason."""
        self.count += 1
        if why not in self.why.split("; "):
            self.why = f"{self.why}; {why}" if self.why else why


class ListUnreadable(LeewardError):
    """The file as a whole is not a list in this format."""

    code = "list_unreadable"
    sentence = _("The list can't be read: {why}.")
    hint = _("Give its format with --format; the how-to on lists of hashes names them.")

    def __init__(self, why: object) -> None:
        super().__init__(why=why)


def read_hashes(
    given: Iterable[tuple[str, str]], quality: str | None = None, *, damaged: list[BadHash] | None = None
) -> tuple[Hash, ...]:
    """Read the hashes of an entry from (kind, text) pairs; empty texts are left out.

    With `damaged`, the errors of single hashes are collected there as long as another hash is good. Raises BadHash
    where none is.
    """
    found: list[Hash] = []
    wrong: list[BadHash] = []
    for kind, text in given:
        if not text.strip():
            continue
        is_picture = kind in ("pdq", "pdq_nn512")
        try:
            marked = _quality(kind, quality.strip()) if is_picture and quality and quality.strip() else None
            found.append(read_hash(kind, text, quality=marked))
        except BadHash as error:
            wrong.append(error)
    if wrong and (damaged is None or not found):
        raise wrong[0]
    if not found:
        raise BadHash("first", _("there is none"))
    if damaged is not None:
        damaged += wrong
    return tuple(found)


def parts(place: int, damaged: Iterable[BadHash]) -> Iterator[Broken]:
    """Report the hashes of an entry that could not be read when others could."""
    for error in damaged:
        yield Broken(place, error.lazy_text, is_part=True)


def _quality(kind: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 3 or int(text) > 100:
        raise BadHash(kind, _("its quality is not a number from 0 to 100"))
    return int(text)


def moment(text: object) -> datetime | None:
    """Parse a timestamp as lists write it (ISO 8601, UTC unless a zone is given); None for anything else."""
    return _moment(text) if isinstance(text, str) and text else None


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime | None:
    """Parse a timestamp; cached, because many entries of a list share the same one."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None


class Bounded:
    """A stream that raises if too much is read without completing an entry; call `entry()` after each one."""

    def __init__(self, stream: Any, most: int = MOST_BYTES_OF_AN_ENTRY) -> None:
        self._stream = stream
        self._most = most
        self._since = 0

    def entry(self) -> None:
        """Note that an entry was completed."""
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """Read from the stream; raises ListUnreadable where one entry is longer than any real one."""
        size = min(size, 1 << 16) if size >= 0 else 1 << 16
        self._since += size
        if self._since > self._most:
            raise ListUnreadable(_("an entry is longer than %(number)s MB", number=self._most >> 20))
        data: bytes = self._stream.read(size)
        return data


class Shallow:
    """A JSON stream that refuses input unlike a real list: deep nesting slows the parser down, and numbers with
    thousands of digits crash it.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.depth = 0
        self._is_text = False
        self._kept = b""
        self._end = b""

    def read(self, size: int = -1) -> bytes:
        """Read from the stream; raises ListUnreadable where the input is not like a list."""
        data: bytes = self._stream.read(size)
        if _MANY_DIGITS.search(self._end + data):
            raise ListUnreadable(_("there is a number of more than %(number)s digits in it", number=MOST_DIGITS))
        self._end = (self._end + data)[-MOST_DIGITS:]
        signs = (self._kept + data).replace(b"\\\\", b"")
        self._kept = b"\\" if signs.endswith(b"\\") else b""
        parts = signs.removesuffix(self._kept).replace(b'\\"', b"").translate(None, _NO_SIGNS).split(b'"')
        for sign in b"".join(parts[self._is_text :: 2]):
            self.depth += _STEPS.get(sign, 0)
            if self.depth > MOST_NESTED:
                raise ListUnreadable(_("it is nested deeper than %(number)s levels", number=MOST_NESTED))
        self._is_text ^= len(parts) % 2 == 0
        return data
