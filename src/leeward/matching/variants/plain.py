"""Variants as plain data: rows of `leeward hash --variants`, and the results of a child process.

A row does not contain the spectrum, which would show a picture of 16 x 16 points. It only says on which side of the
median each coefficient lies and how far, capped at twice the usual distance, which is what a comparison needs. That
still reveals more of a picture than its hash does.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leeward.matching.variants.recipes import ALTERATIONS, Variant
from leeward.matching.variants.spectrum import SoftHash, middle_of

MOST_VARIANTS = 64
_SHAPE, _FURTHEST = (16, 16), 4.0
_STEPS = 63.0
"""The number of steps per usual distance from the median; 127 steps are the maximum."""


def row_of(variant: Variant) -> dict[str, Any]:
    """Return the JSON form; 256 signed bytes in base 64, positive where a bit is set."""
    away = variant.soft_hash.spectrum - middle_of(variant.soft_hash.spectrum)
    unit = max(float(np.median(np.abs(away))), 1e-30)
    steps = np.clip(np.rint(np.abs(away) * (_STEPS / unit)), 1, 127)
    sides = np.where(away > 0, steps, 1 - steps).astype(np.int8)
    return {
        "alteration": variant.alteration,
        "window": [round(side, 5) for side in variant.window],
        "degrees": variant.degrees,
        "quality": variant.soft_hash.quality,
        "turns": variant.turns,
        "sides": base64.b64encode(sides.tobytes()).decode(),
    }


def variant_of(row: object) -> Variant:
    """Read one row; raises ValueError for anything else."""
    if not isinstance(row, Mapping) or row.get("alteration") not in ALTERATIONS:
        raise ValueError("a variant has an alteration, a window, a quality and sides")
    window, degrees, quality, text = (row.get(name) for name in ("window", "degrees", "quality", "sides"))
    if not isinstance(window, list) or len(window) != 4 or not all(_is_number(side, _FURTHEST) for side in window):
        raise ValueError("the window of a variant is four numbers")
    if not _is_number(degrees, 360.0) or not isinstance(quality, int) or not 0 <= quality <= 100:
        raise ValueError("a variant has degrees and a quality from 0 to 100")
    if not isinstance(text, str) or len(text) != 344:
        raise ValueError("the sides of a variant are 256 bytes in base 64")
    values = np.frombuffer(base64.b64decode(text, validate=True), np.int8).astype(np.float32)
    if values.size != _SHAPE[0] * _SHAPE[1]:
        raise ValueError("the sides of a variant are 256 bytes")
    top, bottom, left, right = map(float, window)
    soft_hash = SoftHash(values.reshape(_SHAPE), quality)
    return Variant(
        row["alteration"], (top, bottom, left, right), float(row["degrees"]), soft_hash, row.get("turns") is True
    )


def _is_number(value: object, most: float) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= most


def packed(variants: Sequence[Variant]) -> dict[str, Any]:
    """Return variants as plain data with one block of spectra float32, to be passed between our own processes."""
    return {
        "about": [
            [one.alteration, list(one.window), one.degrees, one.soft_hash.quality, one.turns] for one in variants
        ],
        "spectra": b"".join(np.ascontiguousarray(one.soft_hash.spectrum, "<f4").tobytes() for one in variants),
    }


def unpacked(data: Mapping[str, Any]) -> tuple[Variant, ...]:
    """Restore what `packed` returned."""
    spectra = np.frombuffer(data["spectra"], "<f4").reshape(-1, *_SHAPE)
    return tuple(
        Variant(alteration, (window[0], window[1], window[2], window[3]), degrees, SoftHash(spectrum, quality), turns)
        for (alteration, window, degrees, quality, turns), spectrum in zip(data["about"], spectra, strict=True)
    )
