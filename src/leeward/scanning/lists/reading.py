"""Reading hashes from text: one a line, with or without their kind, or columns of a CSV file."""

import csv
from array import array
from base64 import b32decode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from leeward.foundation.patterns import Pattern
from leeward.matching.hashing.licensed import LICENSED_BYTES
from leeward.matching.lists.digests import parse_licensed
from leeward.matching.lists.errors import HashRefused

HEX_BYTES = {
    "md5": 16,
    "sha1": 20,
    "sha256": 32,
    "sha512": 64,
    "ed2k": 16,
    "bt2": 32,
    "btih": 20,
    "btmh": 32,
    "pdq": 32,
}
BASE32_BYTES = {"tth": 24, "aich": 20}
KIND_BYTES = HEX_BYTES | BASE32_BYTES | LICENSED_BYTES
KINDS = tuple(KIND_BYTES)
_BY_DIGITS = {32: ("md5",), 40: ("sha1", "btih"), 64: ("sha256", "pdq", "btmh"), 128: ("sha512",)}
"""What a hash without a kind may be, by its digits: all of these are compared."""
_ALIASES = {
    "sha-1": "sha1",
    "sha-256": "sha256",
    "sha-512": "sha512",
    "pdqhash": "pdq",
    "pdq_nn512": "pdq",
    "ed2k_alt": "ed2k",
}
_KIND_COLUMNS = ("kind", "type", "hash_type", "signal_type")
_HASH_COLUMNS = ("hash", "value", "signal", "indicator", "code")
_TOKEN = Pattern(r"\s*(?:([A-Za-z0-9_-]+)\s*[:=]\s*)?(\S+)")
_DIGITS = Pattern(r"[0-9A-Fa-f]+")
_MOST_BAD = 1000
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line (counted from 1) that holds no hash that can be compared, and why."""

    line: int
    why: str


@dataclass(slots=True)
class Hashes:
    """Hashes by kind, packed one after another, with the line of each; bad lines, of which the first are kept."""

    codes: dict[str, bytearray] = field(default_factory=dict)
    lines: dict[str, "array[int]"] = field(default_factory=dict)
    bad: list[BadLine] = field(default_factory=list)
    bad_count: int = 0
    unsure: int = 0

    def add(self, kind: str, code: bytes, line: int) -> None:
        """Keep one hash."""
        self.codes.setdefault(kind, bytearray()).extend(code)
        self.lines.setdefault(kind, array("Q")).append(line)

    def refuse(self, line: int, why: str) -> None:
        """Note a line that is none."""
        self.bad_count += 1
        if len(self.bad) < _MOST_BAD:
            self.bad.append(BadLine(line, why))


def read_hashes(lines: Iterable[str], kind: str | None = None) -> Hashes:
    """Read hashes from the lines of a text or CSV file; `kind` says what those without one are. Never raises for content."""
    found = Hashes()
    numbered = enumerate(lines, 1)
    for number, text in numbered:
        if text.strip() and not text.startswith("#"):
            separator = max(_SEPARATORS, key=text.count)
            columns = _columns(_fields(text.removeprefix("\ufeff"), separator))
            if columns is None:
                _read_line(found, number, text.removeprefix("\ufeff"), kind)
                for later, line in numbered:
                    _read_line(found, later, line, kind)
            else:
                _read_rows(found, numbered, columns, separator, kind)
            break
    return found


def _read_line(found: Hashes, number: int, text: str, kind: str | None) -> None:
    """Read `hash`, `kind:hash`, `kind,hash` or what sha256sum prints: a hash and a name."""
    text = text.strip()
    if not text or text.startswith("#"):
        return
    first, _, rest = text.replace(";", ",").replace("\t", ",").partition(",")
    named = _kind(first)
    if named and rest:
        _add(found, number, rest.split(",")[0], named)
        return
    parts = _TOKEN.match(first)
    if parts is None:
        found.refuse(number, "there is no hash")
    elif parts[1] and _kind(parts[1]) is None:
        found.refuse(number, f"hashes of the kind {parts[1][:20]!r} can't be compared here")
    else:
        _add(found, number, parts[2], _kind(parts[1] or "") or kind)


def _columns(header: Sequence[str]) -> list[tuple[int, str]] | None:
    """Return places and names of the columns that matter if fields are a CSV header; None if they are not."""
    names = [name.strip().strip('"').lower() for name in header]
    wanted = [(place, _kind(name) or name) for place, name in enumerate(names)]
    wanted = [
        (place, name) for place, name in wanted if name in KINDS or name in _KIND_COLUMNS or name in _HASH_COLUMNS
    ]
    has_hashes = any(name in KINDS or name in _HASH_COLUMNS for _, name in wanted)
    is_data = any(_DIGITS.fullmatch(name) and len(name) > 12 for name in names)
    return wanted if has_hashes and not is_data else None


def _read_rows(
    found: Hashes, numbered: Iterator[tuple[int, str]], columns: list[tuple[int, str]], separator: str, kind: str | None
) -> None:
    for number, text in numbered:
        if not text.strip():
            continue
        values = _fields(text, separator)
        row = {name: values[place].strip() for place, name in columns if place < len(values) and values[place].strip()}
        kinds = [row[name] for name in _KIND_COLUMNS if name in row]
        named = _kind(kinds[0]) if kinds else kind
        hashes = [(name, row[name]) for name in KINDS if name in row]
        if kinds and named is None:
            found.refuse(number, f"hashes of the kind {kinds[0][:20]!r} can't be compared here")
            continue
        plain = [row[name] for name in _HASH_COLUMNS if name in row][:1]
        for value in plain:
            _add(found, number, value, named)
        for name, value in hashes:
            _add(found, number, value, name)
        if not plain and not hashes:
            found.refuse(number, "there is no hash")


def _fields(text: str, separator: str) -> Sequence[str]:
    try:
        return next(csv.reader([text.strip("\r\n")], delimiter=separator), [])
    except csv.Error:
        return text.split(separator)


def _add(found: Hashes, number: int, text: str, kind: str | None) -> None:
    text = text.strip().strip('"')
    if kind in LICENSED_BYTES:
        try:
            found.add(kind, parse_licensed(kind, text), number)
        except HashRefused as refusal:
            found.refuse(number, refusal.why)
        return
    if kind in BASE32_BYTES and len(text) != 2 * BASE32_BYTES[kind]:
        code = _base32(text)
        if code is None or len(code) != BASE32_BYTES[kind]:
            found.refuse(number, f"it is no {kind} hash in base 32")
        else:
            found.add(kind, code, number)
        return
    if not _DIGITS.fullmatch(text):
        found.refuse(number, "it is not hexadecimal")
        return
    kinds = (kind,) if kind else _BY_DIGITS.get(len(text), ())
    if not kinds:
        odd = " (an odd number)" if len(text) % 2 else ""
        found.refuse(number, f"no kind of hash has {len(text)} hexadecimal digits{odd}")
        return
    if len(text) != 2 * KIND_BYTES[kinds[0]]:
        found.refuse(number, f"it has {len(text)} hexadecimal digits; {kinds[0]} has {2 * KIND_BYTES[kinds[0]]}")
        return
    found.unsure += len(kinds) > 1
    code = bytes.fromhex(text)
    for one in kinds:
        found.add(one, code, number)


def _kind(text: str) -> str | None:
    name = text.strip().strip('"').lower()
    name = _ALIASES.get(name, name)
    return name if name in KIND_BYTES else None


def _base32(text: str) -> bytes | None:
    try:
        return b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        return None
