"""The kinds of digests and codes in lists, and parsing them."""

from base64 import b32decode, b32encode, b64decode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leeward.matching.hashing.licensed import LICENSED_BYTES
from leeward.matching.hashing.pdq import LEAST_BITS_SET, LEAST_QUALITY, Pdq
from leeward.matching.lists.errors import HashRefused
from leeward.matching.variants import Variant
from leeward.matching.variants.plain import MOST_VARIANTS, variant_of

DIGEST_BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64, "ed2k": 16, "aich": 20, "tth": 24, "bt2": 32}
"""The length of each kind of file digest in bytes."""
BASE32 = frozenset({"aich", "tth"})
"""Kinds that file-sharing networks write in base 32."""
CODE_BYTES = 32
"""The length of a PDQ code in bytes."""
DULL_BITS = 8
"""A picture with little detail matches another only within this many bits."""
BLANK_BELOW = 10
"""Below this quality a code is noise."""
DULL_NOTE = f"there is little in the picture: it is compared as a file, and with pictures within {DULL_BITS} bits only"
BLANK_NOTE = "there is too little in the picture to compare more than the file"
_OTHER_NAMES = {"ed2k_alt": "ed2k"}


@dataclass(frozen=True, slots=True)
class Lookup:
    """What is known of one file: its digests by kind, its PDQ codes, and a note on what could not be computed.

    `is_broken`: it looks like a picture or video but could not be decoded, or is an animation of which some frames
    could not. `licensed`: codes of installed adapters, by kind. `variants`: what the picture may have looked like
    before it was altered. `dull`: PDQ codes of a picture with little detail (quality below 50), which only a nearly
    equal code matches.
    """

    digests: tuple[tuple[str, bytes], ...] = ()
    codes: tuple[bytes, ...] = ()
    note: str | None = None
    is_broken: bool = field(default=False)
    licensed: tuple[tuple[str, bytes], ...] = ()
    variants: tuple[Variant, ...] = ()
    dull: tuple[bytes, ...] = ()


def parse_digest(kind: str, text: str) -> bytes:
    """Parse a digest in hexadecimal or base 32, as usual for its kind, in either case; raises HashRefused."""
    size = DIGEST_BYTES[kind]
    text = text.strip()
    try:
        is_hex = kind not in BASE32 or len(text) == 2 * size
        raw = _from_hex(text) if is_hex else b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        raise HashRefused(f"{kind} holds a character that does not belong into it, or half a byte") from None
    if len(raw) != size:
        raise HashRefused(f"{kind} has {8 * size} bits, this one {8 * len(raw)}")
    return raw


def parse_code(text: str) -> bytes:
    """Parse a PDQ code of 64 hexadecimal digits; raises HashRefused."""
    text = text.strip()
    try:
        raw = _from_hex(text)
    except ValueError:
        raise HashRefused(f"pdq has 64 hexadecimal digits, not {len(text)} characters of another kind") from None
    if len(raw) != CODE_BYTES:
        raise HashRefused(f"pdq has 256 bits, this one {4 * len(text)}")
    return raw


def _from_hex(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if 2 * len(raw) != len(text):  # bytes.fromhex skips whitespace
        raise ValueError("spaces")
    return raw


def text_of(kind: str, raw: bytes) -> str:
    """Write a digest or code as is usual for its kind."""
    return b32encode(raw).decode().rstrip("=") if kind in BASE32 else raw.hex()


def is_comparable(code: bytes, quality: int | None) -> bool:
    """Return whether a code near this one means anything; a code without a quality is assumed to be good."""
    return (quality is None or quality >= LEAST_QUALITY) and not is_blank(code, quality)


def is_blank(code: bytes, quality: int | None) -> bool:
    """Return whether a code comes from a nearly uniform picture and is meaningless."""
    return (quality is not None and quality < BLANK_BELOW) or int.from_bytes(code).bit_count() < LEAST_BITS_SET


def comparable_and_dull(hashes: Iterable[Pdq]) -> tuple[list[Pdq], list[Pdq], int]:
    """Sort the visual hashes of one file: return those that can be compared, those with little detail, and the number
    of meaningless ones.
    """
    comparable: list[Pdq] = []
    dull: list[Pdq] = []
    blank = 0
    for one in hashes:
        if is_blank(one.code, one.quality):
            blank += 1
        else:
            (comparable if is_comparable(one.code, one.quality) else dull).append(one)
    return comparable, dull, blank


def note_on(codes: Collection[object], dull: Collection[object], blank: int) -> str | None:
    """Return a note on how far a picture's codes could be compared, given its usable, dull and blank ones."""
    if codes or not (dull or blank):
        return None
    return DULL_NOTE if dull else BLANK_NOTE


def lookup_of(row: Mapping[str, Any]) -> Lookup:
    """Parse one row of hashes, as `leeward hash --json` prints it or with any of its fields; raises HashRefused.

    Fields that are not hashes (path, size, …) are ignored.
    """
    digests: list[tuple[str, bytes]] = []
    codes: dict[bytes, None] = {}
    dull: dict[bytes, None] = {}
    blank = 0
    for name, value in row.items():
        kind = _OTHER_NAMES.get(name, name)
        if kind in DIGEST_BYTES and value is not None:
            digests.append((kind, parse_digest(kind, _text(name, value))))
    for code, quality in _codes_of(row):
        if is_comparable(code, quality):
            codes[code] = None
        elif is_blank(code, quality):
            blank += 1
        else:
            dull[code] = None
    licensed = tuple((kind, parse_licensed(kind, _text(kind, row[kind]))) for kind in LICENSED_BYTES if row.get(kind))
    if not digests and not codes and not dull and not blank and not licensed:
        raise HashRefused("there is none; known kinds are " + ", ".join(("pdq", *DIGEST_BYTES, *LICENSED_BYTES)))
    note = note_on(codes, dull, blank)
    return Lookup(tuple(digests), tuple(codes), note, False, licensed, _variants_of(row), tuple(dull))


def _variants_of(row: Mapping[str, Any]) -> tuple[Variant, ...]:
    rows = row.get("variants") or []
    if not isinstance(rows, list) or len(rows) > MOST_VARIANTS:
        raise HashRefused(f"variants is a list of at most {MOST_VARIANTS}")
    try:
        return tuple(map(variant_of, rows))
    except ValueError as error:
        raise HashRefused(str(error)) from None


def parse_licensed(kind: str, text: str) -> bytes:
    """Read a licensed code in base 64, as lists write it, or in hexadecimal, as `leeward hash` prints it; raises HashRefused."""
    size, text = LICENSED_BYTES[kind], text.strip()
    try:
        raw = _from_hex(text) if len(text) == 2 * size else b64decode(text, validate=True)
    except ValueError:
        raise HashRefused(f"{kind} is neither base 64 nor hexadecimal") from None
    if len(raw) != size:
        raise HashRefused(f"{kind} has {8 * size} bits, this one {8 * len(raw)}")
    return raw


def _codes_of(row: Mapping[str, Any]) -> list[tuple[bytes, int | None]]:
    quality = row.get("quality")
    if quality is not None and (not isinstance(quality, int) or isinstance(quality, bool)):
        raise HashRefused("quality is a whole number from 0 to 100")
    found = [(parse_code(_text(name, row[name])), quality) for name in ("pdq", "pdq_nn512") if row.get(name)]
    turned = row.get("pdq_dihedral") or []
    frames = row.get("frames") or []
    if not isinstance(turned, list) or not isinstance(frames, list) or len(turned) > 16:
        raise HashRefused("pdq_dihedral and frames are lists")
    found += [(parse_code(_text("pdq_dihedral", one)), quality) for one in turned]
    for frame in frames:
        if not isinstance(frame, Mapping) or not isinstance(frame.get("pdq"), str):
            raise HashRefused("a frame has pdq, quality and second")
        of_frame = frame.get("quality")
        found.append((parse_code(frame["pdq"]), of_frame if isinstance(of_frame, int) else None))
    return found


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise HashRefused(f"{name} is not text")
    return value
