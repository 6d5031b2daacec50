"""What a list says, entry by entry, whatever its form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.foundation.patterns import Pattern
from leeward.foundation.said import LazyText as _
from leeward.hashbank.rules.kinds import BadHash, Hash, read_hash

MOST_BYTES_OF_AN_ENTRY = 16 << 20
MOST_NESTED = 64
MOST_DIGITS = 1000
_MANY_DIGITS = Pattern(rb"[0-9]{1000}")
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_SIGNS = bytes(set(range(256)) - set(b'[]{}"'))


@dataclass(slots=True)
class Entry:
    """One entry: hashes of one file and what the list says of it. `place` counts lines or entries from 1.

    `source`: who of several says so, "" for the list itself; `verdict`: what they say, "" for what the list as a whole does; `gone`:
    it takes back what it said under `foreign_id`; `votes`: what others say, by name; `share`: how far it may be passed on;
    `category`: what the list calls it, where that has to be mapped.
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
    """An entry that can't be used, a hash of it where the others can (`is_part`), or the place from which on the file can't be read
    (`is_end`)."""

    place: int
    why: object
    is_end: bool = False
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record on its way out. `gone`: it is on the list no more."""

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
    """What one source says of a record on its way out. `source_id`: its number, the same in every list; `is_ours`: this hotline's own word."""

    source: str
    verdict: str
    label: str
    source_id: int
    is_ours: bool


@dataclass(slots=True)
class Skipped:
    """How many records a form has no room for, and why."""

    count: int = 0
    why: str = ""

    def add(self, why: str) -> None:
        """Count one more; the reasons are told together."""
        self.count += 1
        if why not in self.why.split("; "):
            self.why = f"{self.why}; {why}" if self.why else why


class ListUnreadable(LeewardError):
    """The file as a whole is no list of this form."""

    code = "list_unreadable"
    sentence = _("The list can't be read: {why}.")
    hint = _("Give its format with --format; the how-to on lists of hashes names them.")

    def __init__(self, why: object) -> None:
        super().__init__(why=why)


def read_hashes(
    given: Iterable[tuple[str, str]], quality: str | None = None, *, damaged: list[BadHash] | None = None
) -> tuple[Hash, ...]:
    """Read the hashes of an entry, (kind, text) each; empty texts are left out. With `damaged`, what is wrong with one of several goes there
    and the others are returned. Raises BadHash where none is good."""
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
    """The hashes of an entry that could not be read, beside those that could."""
    for error in damaged:
        yield Broken(place, error.said, is_part=True)


def _quality(kind: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 3 or int(text) > 100:
        raise BadHash(kind, _("its quality is not a number from 0 to 100"))
    return int(text)


def moment(text: object) -> datetime | None:
    """Read a moment as lists write it (ISO 8601; without a zone it is UTC); None for anything else."""
    return _moment(text) if isinstance(text, str) and text else None


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime | None:
    """The entries of a list share their moments: each is read once."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None


class Bounded:
    """A stream that refuses to be read on and on without an entry; `entry()` is called after each."""

    def __init__(self, stream: Any, most: int = MOST_BYTES_OF_AN_ENTRY) -> None:
        self._stream = stream
        self._most = most
        self._since = 0

    def entry(self) -> None:
        """An entry was read."""
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """Read on; raises ListUnreadable where one entry is longer than any real one."""
        size = min(size, 1 << 16) if size >= 0 else 1 << 16
        self._since += size
        if self._since > self._most:
            raise ListUnreadable(_("an entry is longer than %(number)s MB", number=self._most >> 20))
        data: bytes = self._stream.read(size)
        return data


class Shallow:
    """JSON that is read on only while it is like that of lists: its reader takes longer with every level of nesting, and falls over
    a number of thousands of digits."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.depth = 0
        self._is_text = False
        self._kept = b""
        self._end = b""

    def read(self, size: int = -1) -> bytes:
        """Read on; raises ListUnreadable."""
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
