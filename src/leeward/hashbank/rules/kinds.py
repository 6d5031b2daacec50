"""The kinds of hashes: their length, their text form, what they prove. Pure."""

from base64 import b32decode, b32encode, b64decode, b64encode
from binascii import Error as BadBase64
from dataclasses import dataclass
from struct import Struct
from typing import Literal

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _

Written = Literal["hex", "base32", "base64"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of hash: its number in the database, its length, its encoding, and whether equality proves the same
    file.
    """

    number: int
    name: str
    bytes: int
    written: Written = "hex"
    is_exact: bool = True


_ALL = (
    Kind(1, "md5", 16),
    Kind(2, "sha1", 20),
    Kind(3, "sha256", 32),
    Kind(4, "sha512", 64),
    Kind(5, "pdq", 32, is_exact=False),
    Kind(6, "pdq_nn512", 32, is_exact=False),
    Kind(7, "photodna", 144, "base64", is_exact=False),
    Kind(8, "ed2k", 16),
    Kind(9, "ed2k_alt", 16),
    Kind(10, "aich", 20, "base32"),
    Kind(11, "tth", 24, "base32"),
    Kind(12, "bt2", 32),
    Kind(13, "vpdq", 32, is_exact=False),
    Kind(14, "btih", 20),
    Kind(15, "btmh", 32),
)
KINDS = {kind.name: kind for kind in _ALL}
KIND_NAMES = {kind.number: kind.name for kind in _ALL}
LIKENESS = ("pdq", "pdq_nn512", "vpdq")
"""Kinds in the bank's index: found within a radius, not only by equality."""
DIGESTS = ("md5", "sha1", "sha256", "sha512")
"""Kinds that a file has one value of. Others follow one of two conventions, or differ between torrents of a file."""
DULL_KINDS = ("pdq", "pdq_nn512")
LEAST_QUALITY = 50
BLANK_BELOW = 10
DULL_BITS = 8
"""A picture with little detail (quality 10 to 49) matches another only within this many bits; below that quality a code
means nothing.
"""
LEAST_BITS_SET = 64
_FIRST_8_BYTES = Struct(">q").unpack_from


class BadHash(LeewardError):
    """The text is not a hash of this kind."""

    code = "bad_hash"
    sentence = _("The {kind} hash can't be used: {why}.")
    hint = _("Hashes are hexadecimal; PhotoDNA is base 64, AICH and TTH are base 32.")

    def __init__(self, kind: str, why: object) -> None:
        super().__init__(kind=kind, why=why)


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash: the name of its kind, its bytes, and for pictures and videos the quality and the second."""

    kind: str
    value: bytes
    quality: int | None = None
    second: float | None = None

    @property
    def text(self) -> str:
        """The text form of the hash."""
        return written(self.kind, self.value)


def read_hash(kind: str, text: str, *, quality: int | None = None, second: float | None = None) -> Hash:
    """Parse a hash in either case; raises BadHash with the reason."""
    known = KINDS.get(kind)
    if known is None:
        raise BadHash(kind[:20], _("there is no such kind; the known ones are %(known)s", known=", ".join(KINDS)))
    text = text.strip()
    value = _hex(kind, text, known) if known.written == "hex" or len(text) == 2 * known.bytes else _based(text, known)
    if len(value) != known.bytes:
        raise BadHash(kind, _("it has %(number)s bits, not %(right)s", number=len(value) * 8, right=known.bytes * 8))
    return Hash(kind, value, quality, second)


def _hex(kind: str, text: str, known: Kind) -> bytes:
    if len(text) != 2 * known.bytes:
        right = 2 * known.bytes
        raise BadHash(kind, _("it has %(number)s hexadecimal digits, not %(right)s", number=len(text), right=right))
    try:
        value = bytes.fromhex(text)
    except ValueError:
        raise BadHash(kind, _("it has a character that is not hexadecimal")) from None
    if len(value) != known.bytes:  # fromhex skips whitespace
        raise BadHash(kind, _("it has a character that is not hexadecimal"))
    return value


def _based(text: str, known: Kind) -> bytes:
    try:
        if known.written == "base64":
            return b64decode(text, validate=True)
        return b32decode(text + "=" * (-len(text) % 8), casefold=True)
    except (BadBase64, ValueError):
        raise BadHash(
            known.name, _("it is neither %(form)s nor hexadecimal", form=known.written.replace("base", "base "))
        ) from None


def written(kind: str, value: bytes) -> str:
    """Return the text form of this kind: lower-case hexadecimal, base 64 or base 32."""
    form = KINDS[kind].written
    if form == "hex":
        return value.hex()
    if form == "base64":
        return b64encode(value).decode()
    return b32encode(value).decode().rstrip("=")


def key_of(value: bytes) -> int:
    """Return the look-up key of a hash: its first 8 bytes as a signed number, which keeps an index of ten million
    small.
    """
    key: int = _FIRST_8_BYTES(value)[0]
    return key


def is_usable(value: Hash) -> bool:
    """Return whether a match of this hash means anything by itself; that of a poor or uniform picture does not."""
    if value.kind not in LIKENESS:
        return any(value.value)
    return (value.quality is None or value.quality >= LEAST_QUALITY) and _is_mixed(value.value)


def is_dull(value: Hash) -> bool:
    """Return whether this is the hash of a picture with little detail, which means something only where another is
    almost equal.
    """
    return (
        value.kind in DULL_KINDS
        and value.quality is not None
        and BLANK_BELOW <= value.quality < LEAST_QUALITY
        and _is_mixed(value.value)
    )


def is_findable(value: Hash) -> bool:
    """Return whether a record keeps this hash: it can find a file again, if only with a small radius."""
    return is_usable(value) or is_dull(value)


def _is_mixed(code: bytes) -> bool:
    return LEAST_BITS_SET <= int.from_bytes(code).bit_count() <= 256 - LEAST_BITS_SET


def guess_kind(text: str) -> str | None:
    """Return the kind that a bare hexadecimal hash can be, judging by its length; 64 digits are taken as SHA-256."""
    return {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512", 288: "photodna"}.get(len(text.strip()))
