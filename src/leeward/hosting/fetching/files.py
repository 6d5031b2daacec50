"""Fingerprints and size of a picture or video in memory. Nothing is written anywhere, whatever the bytes contain; they
are decoded in a child process."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leeward.foundation import sandbox
from leeward.matching.hashing import hash_bytes
from leeward.matching.lists import UPLOAD_LIMITS
from leeward.matching.variants.plain import row_of

LIMITS = sandbox.Limits(seconds=10, wait_seconds=120)
LIMITS_OF_PAGES = sandbox.Limits(seconds=10, wait_seconds=4)  # somebody is waiting for the answer
_VIDEO_STARTS = (b"\x1aE\xdf\xa3", b"OggS", b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"0&\xb2u")
_STILL_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_DECODERS = "leeward.hosting.decoders.pictures"
type Code = bytes


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a file; `pdq_nn512` is PDQ in the other convention (`docs/why/two-pdqs.md`). `licensed`: codes of
    adapters for licensed hashes, hexadecimal by kind; `variants`: rows of `matching.variants.plain`; `windows`: codes of
    parts of the picture, only where they were asked for. `problem` is "",
    one of not_media, too_many_pixels, cut_off, broken, or `decoder_…` with the code of a `sandbox.Finding`: it could
    not be decoded, and has no perceptual hashes."""

    media: str
    bytes: int
    md5: str
    sha1: str
    sha256: str
    width: int = 0
    height: int = 0
    pdq: str = ""
    pdq_quality: int = 0
    pdq_nn512: str = ""
    licensed: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    variants: tuple[Mapping[str, Any], ...] = ()
    windows: tuple[Code, ...] = ()


def fingerprint(
    body: bytes,
    licensed: str = "",
    limits: sandbox.Limits = LIMITS,
    *,
    altered: bool = False,
    windows: bool = False,
) -> Fingerprint:
    """Hash a file and, if it is a picture, its appearance (PDQ with quality, codes of the named licensed adapters, what
    it may have been before it was `altered`, `windows` of it). Never raises because of what the bytes are."""
    base: dict[str, Any] = {
        "bytes": len(body),
        "md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "sha1": hashlib.sha1(body, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    if is_video(body):
        return Fingerprint(media="video", **base)
    hashes = sandbox.call(f"{_DECODERS}:picture_hashes", body, limits, licensed=licensed)
    if isinstance(hashes, sandbox.Finding):
        return Fingerprint(media="image", problem=f"decoder_{hashes.code}", **base)
    derived = [name for name, wanted in (("variants", altered), ("windows", windows)) if wanted and hashes["pdq"]]
    return Fingerprint(
        media="other" if hashes["problem"] == "not_media" else "image",
        **_derived(body, derived),
        **hashes,
        **base,
    )


def _derived(body: bytes, names: Sequence[str]) -> dict[str, Any]:
    """Return what a picture may have been before it was altered, and windows of it; empty if that can't be determined."""
    if not names:
        return {}
    found = hash_bytes(body, only=names, limits=UPLOAD_LIMITS, isolated=True)
    return {"variants": tuple(row_of(one) for one in found.variants), "windows": found.windows}


def is_video(body: bytes) -> bool:
    """Return whether the bytes begin like a video."""
    if body[4:8] == b"ftyp":
        return body[8:12] not in _STILL_BRANDS
    return body[:4] in _VIDEO_STARTS or (body[:4] == b"RIFF" and body[8:12] == b"AVI ")


def distance_bits(one: str, other: str) -> int:
    """Return how many of 256 bits differ between two PDQ hashes (hex)."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def small(body: bytes, *, width: int, blurred: bool, part: float = 1.0) -> bytes | sandbox.Finding | None:
    """Return a picture as a grey PNG of at most `width` pixels each way, blurred so that shapes remain and details
    don't; None if it can't be drawn. `part` (0 to 1) shows that much of it from the top."""
    found: bytes | sandbox.Finding | None = sandbox.call(
        f"{_DECODERS}:small", body, LIMITS_OF_PAGES, width=width, blurred=blurred, part=part
    )
    return found
