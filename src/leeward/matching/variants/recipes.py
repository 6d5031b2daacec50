"""The variants of an upload: what it may have looked like before somebody framed, cropped, turned or wrote over it.
Pure functions of luma.

Measured on photographs with 64 alterations (`python -m bench recall`); `docs/why/altered.md` explains the choice of
variants.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from leeward.matching.variants.boxes import boxes_of
from leeward.matching.variants.covers import uncovered
from leeward.matching.variants.spectrum import SoftHash, soft_hash_from
from leeward.matching.variants.windows import WHOLE, Luma, Window, cut_by, reduced, rotated, samples_of, undone

Alteration = Literal["covered", "framed", "cropped", "rotated", "framed_cropped", "cropped_here"]
ALTERATIONS: tuple[Alteration, ...] = get_args(Alteration)
"""covered: something over it (text, a sticker, a watermark) or a slight change of everything; framed: a border, bars or a caption around it;
cropped: edges cut off; rotated: turned by a few degrees; framed_cropped: both; cropped_here: the known file was cropped, found by a stored window."""
DEGREES = 3.0
_ALL_SIDES, _ONE_SIDE = (0.0375, 0.0875), (0.05, 0.12)
STORED_DEGREES = (2.0, 3.0, 4.0)
_STRICTER = 1.5
"""Differences of a variant with a part filled in weigh so much more: there are many such variants."""


@dataclass(frozen=True)
class Variant:
    """One variant: the alteration that it undoes, its window (top, bottom, left, right; shares) and degrees, and its
    soft hash.

    For "framed_cropped" the window is relative to the picture inside the frame; for "covered" it is the part that was
    filled in, or the whole. `turns`: whether turned and mirrored forms are compared too.
    """

    alteration: Alteration
    window: Window
    degrees: float
    soft_hash: SoftHash
    turns: bool = False

    @property
    def strictness(self) -> float:
        """By how much a difference of this variant weighs more than one of others."""
        return _STRICTER if self.alteration == "covered" and self.window != WHOLE else 1.0


def variants_of(pixels: NDArray[np.uint8], plain: Sequence[SoftHash]) -> list[Variant]:
    """Return some 40 variants of luma uint8 [H, W] or RGB uint8 [H, W, 3].

    `plain`: the soft hashes of the whole picture, one a convention, which are compared softly too. Variants with too little
    detail are left out.
    """
    found = [Variant("covered", WHOLE, 0.0, soft_hash, turns=True) for soft_hash in plain]
    if min(pixels.shape[:2]) < 16:
        return found
    luma = reduced(pixels)
    for alteration, source, window, degrees in _recipes(luma):
        soft_hash = soft_hash_from(samples_of(source, window))
        if soft_hash.is_comparable:
            found.append(Variant(alteration, window, degrees, soft_hash, turns=alteration == "framed"))
    for window, samples in uncovered(samples_of(luma, WHOLE)):
        soft_hash = soft_hash_from(samples)
        if soft_hash.is_comparable:
            found.append(Variant("covered", window, 0.0, soft_hash))
    return found


def _recipes(luma: Luma) -> Iterator[tuple[Alteration, Luma, Window, float]]:
    boxes = boxes_of(luma)
    for box in boxes:
        yield "framed", luma, box, 0.0
    if boxes:
        yield "framed_cropped", _inside(luma, boxes[0]), undone(WHOLE, (_ALL_SIDES[0],) * 4), 0.0
    for share in _ALL_SIDES:
        yield "cropped", luma, undone(WHOLE, (share,) * 4), 0.0
    for share in _ONE_SIDE:
        for side in range(4):
            yield "cropped", luma, undone(WHOLE, _only(side, share)), 0.0
    for degrees in (DEGREES, -DEGREES):
        back = rotated(luma, degrees)
        for window in rotation_windows(luma.shape[0], luma.shape[1], degrees):
            yield "rotated", back, window, degrees


def _inside(luma: Luma, box: Window) -> Luma:
    """Return the part of luma in a box as an array of its own, so that its own edge is repeated around it, not the
    frame.
    """
    height, width = luma.shape
    top, bottom, left, right = (
        round(side * size) for side, size in zip(box, (height, height, width, width), strict=True)
    )
    return np.ascontiguousarray(luma[top:bottom, left:right])


def _only(side: int, share: float) -> tuple[float, float, float, float]:
    cut = [0.0] * 4
    cut[side] = share
    return (cut[0], cut[1], cut[2], cut[3])


def rotation_windows(height: int, width: int, degrees: float) -> tuple[Window, Window, Window]:
    """Return the windows that the original fills when an upload of this size is turned back: for a rotation that kept
    the corners, one cropped to a rectangle without them, and one on its own canvas.
    """
    sine, cosine = abs(float(np.sin(np.deg2rad(degrees)))), float(np.cos(np.deg2rad(degrees)))
    inside = cosine**2 - sine**2
    tall, wide = (height * cosine - width * sine) / inside, (width * cosine - height * sine) / inside
    corners = _centred(max(tall / height, 0.2), max(wide / width, 0.2))
    kept = min(height / (width * sine + height * cosine), width / (width * cosine + height * sine))
    return corners, _centred(1 / kept, 1 / kept), WHOLE


def _centred(height: float, width: float) -> Window:
    return (0.5 - height / 2, 0.5 + height / 2, 0.5 - width / 2, 0.5 + width / 2)


def stored_windows(pixels: NDArray[np.uint8]) -> list[bytes]:
    """Return the PDQ codes of 32 windows of a picture, for a list that stores the known file: the plain hash of an
    upload then finds crops of it.

    Windows with too little detail are left out. The codes are not PDQ hashes of the picture and are never given to
    partners as such.
    """
    luma = reduced(pixels)
    codes: dict[bytes, None] = {}
    for source, window in _stored(luma):
        soft_hash = soft_hash_from(samples_of(source, window))
        if soft_hash.is_comparable:
            codes[soft_hash.code] = None
    return list(codes)


def _stored(luma: Luma) -> Iterator[tuple[Luma, Window]]:
    for step in range(1, 12):
        yield luma, cut_by(0.0125 * step)
    for share in (0.03, 0.06, 0.10):
        for side in range(4):
            top, bottom, left, right = _only(side, share)
            yield luma, (top, 1 - bottom, left, 1 - right)
    for degrees in STORED_DEGREES:
        for sign in (1, -1):
            turned = rotated(luma, sign * degrees)
            height, width = luma.shape
            sine, cosine = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
            kept = min(height / (width * sine + height * cosine), width / (width * cosine + height * sine))
            yield turned, _centred(kept, kept)
    yield luma, (0.05, 0.95, 0.0, 1.0)
    yield luma, (0.0, 1.0, 0.05, 0.95)
