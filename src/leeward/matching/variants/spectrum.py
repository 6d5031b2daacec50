"""The information in 64 x 64 samples: the bits of PDQ, their certainty, and whether there is enough detail for a
comparison.

A bit is set where a coefficient lies above the median of all. One near the median flips at the slightest change; one
far from it only when the picture is a different one. So a difference is weighted by the certainty of the bit
(`weights`), and the *soft distance* is the sum over the bits that differ. Two unrelated pictures are some 128 apart in
either measure (deviation 8 and 9).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leeward.matching.hashing.pdq import BITS, COSINES, LEAST_BITS_SET, LEAST_QUALITY, dihedral_spectra, quality_of

LEAST_COEFFICIENTS = 12.0
"""A cut-out whose spectrum is concentrated in fewer coefficients (`spread`) is a few flat shapes and resembles too many
others.
"""
_MOST_WEIGHT = 2.0
Spectrum = NDArray[np.float32]


@dataclass(frozen=True)
class SoftHash:
    """A spectrum float32 [16, 16] (PDQ's cosine transform of 64 x 64 samples) and the quality 0-100 of its samples."""

    spectrum: Spectrum
    quality: int

    @cached_property
    def code(self) -> bytes:
        """The 32 bytes of its PDQ hash."""
        return code_of(self.spectrum)

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """See `weights_of`."""
        return weights_of(self.spectrum)

    @property
    def spread(self) -> float:
        """The number of coefficients over which its spectrum is spread: exp of the entropy of the shares of their
        squares, 1 to 256.
        """
        power = np.square(self.spectrum, dtype=np.float64).ravel()
        shares = power[power > 0] / power.sum() if power.any() else np.ones(1)
        return float(np.exp(-(shares * np.log(shares)).sum()))

    @property
    def is_comparable(self) -> bool:
        """Whether a match may mean anything: quality, set bits and spread are above their minimums."""
        if self.quality < LEAST_QUALITY or int.from_bytes(self.code).bit_count() < LEAST_BITS_SET:
            return False
        return self.spread >= LEAST_COEFFICIENTS

    def turned(self) -> list["SoftHash"]:
        """Return the soft hashes of the picture turned and mirrored, in the order of `Pdq.dihedral`; the first is itself."""
        return [SoftHash(np.ascontiguousarray(one), self.quality) for one in dihedral_spectra(self.spectrum)]


def soft_hash_from(samples: NDArray[np.float32]) -> SoftHash:
    """Return the soft hash of samples float32 [64, 64]."""
    return SoftHash(COSINES @ samples @ COSINES.T, quality_of(samples))


def middle_of(spectrum: Spectrum) -> np.float32:
    """Return the median that PDQ compares with (the lower of the two middle values)."""
    middle: np.float32 = np.partition(spectrum.ravel(), BITS // 2 - 1)[BITS // 2 - 1]
    return middle


def code_of(spectrum: Spectrum) -> bytes:
    """Return the 32 bytes of the PDQ hash of a spectrum [16, 16]."""
    return np.packbits((spectrum.ravel() > middle_of(spectrum))[::-1]).tobytes()


def weights_of(spectrum: Spectrum) -> NDArray[np.float32]:
    """Return the weight of a difference in each bit, float32 [256] in the order of `np.unpackbits` of the code; their
    mean is 1.

    |coefficient - median| in units of its own median, 2 at most. A spectrum without any difference gives ones.
    """
    away = np.abs(spectrum.ravel() - middle_of(spectrum))[::-1]
    unit = float(np.median(away))
    if unit <= 0.0 or not np.isfinite(unit):
        return np.ones(BITS, np.float32)
    weights = np.minimum(away / unit, _MOST_WEIGHT)
    return np.ascontiguousarray(weights / weights.mean(), np.float32)


def soft_distance(code: bytes, weights: NDArray[np.float32], other: bytes) -> float:
    """Return the sum of the weights [256] of the bits in which two codes of 32 bytes differ."""
    differs = np.unpackbits(np.frombuffer(code, np.uint8) ^ np.frombuffer(other, np.uint8))
    return float(weights[differs.astype(np.bool_)].sum())
