"""Visual hashes of pictures and videos, and limits on what computing them may cost. Independent of any decoder."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leeward.matching.hashing.pdq import Pdq

if TYPE_CHECKING:
    from leeward.matching.variants import Variant

PRUNE_BITS = 4
"""A frame within this many bits of the previous one is left out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: pixels of a picture, wall-clock seconds, frames that are kept."""

    pixels: int = 178_000_000
    seconds: float = 60.0
    frames: int = 10_000


PICTURE_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Frame:
    """One hashed frame of an animation or a video."""

    second: float
    pdq: Pdq


@dataclass(frozen=True, slots=True)
class PictureHash:
    """A picture's hashes in both conventions.

    `frames`: those of an animation; `note`: what was left out and why; `variants`: what it may have looked like before
    it was altered; `windows`: PDQ codes of parts of it, for a list that stores it as known. The last two only on
    request.
    """

    format: str
    width: int
    height: int
    pdq: Pdq
    pdq_nn512: Pdq
    frames: tuple[Frame, ...] = ()
    note: str | None = None
    variants: "tuple[Variant, ...]" = ()
    windows: tuple[bytes, ...] = ()
