"""What a picture or a video looks like, as hashes, and how much it may cost to find out. Knows no decoder."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leeward.matching.hashing.pdq import Pdq

if TYPE_CHECKING:
    from leeward.matching.variants import Variant

PRUNE_BITS = 4
"""A frame that differs from the one before it in no more bits than this is left out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost: pixels of a picture, seconds of the clock, frames that are kept."""

    pixels: int = 178_000_000
    seconds: float = 60.0
    frames: int = 10_000


PICTURE_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of an animation or a video that was hashed."""

    second: float
    pdq: Pdq


@dataclass(frozen=True, slots=True)
class PictureHash:
    """A picture's hashes in both conventions; `frames` of an animation; `note` says what was left out and why; `variants`: what it may
    have looked like before it was altered, and `windows` (PDQ codes of parts of it) for whoever keeps it as known, if they were asked for."""

    format: str
    width: int
    height: int
    pdq: Pdq
    pdq_nn512: Pdq
    frames: tuple[Frame, ...] = ()
    note: str | None = None
    variants: "tuple[Variant, ...]" = ()
    windows: tuple[bytes, ...] = ()
