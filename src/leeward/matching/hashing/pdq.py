"""PDQ: a 256-bit hash of what a picture looks like, with a quality from 0 to 100.

Source: Meta, "PDQ & TMK + PDQF"; the constants and the order of operations follow it, so that bits agree.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leeward.matching.engine import compiled
from leeward.matching.hashing.folding import SAMPLES, Convention, fold

LEAST_QUALITY = 50
"""Below this quality a picture has too little detail: matches of its hash mean nothing."""
LEAST_PIXELS = 5
"""A picture narrower or lower than this has no meaningful hash: zeros and quality 0."""
LEAST_BITS_SET = 64
"""By construction half the bits of a hash are set; one with this few comes from a nearly uniform picture."""
BITS = 256
_FREQUENCIES = 16
COSINES = (
    np.sqrt(2.0 / SAMPLES)
    * np.cos(np.pi / 2 / SAMPLES * np.outer(np.arange(1, _FREQUENCIES + 1), 2 * np.arange(SAMPLES) + 1))
).astype(np.float32)
"""PDQ's cosine transform [16, 64]: the lowest frequencies but the mean."""
_LUMA = (0.299, 0.587, 0.114)
_SIGNS = np.where(np.arange(_FREQUENCIES) % 2 == 0, -1.0, 1.0).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Pdq:
    """A PDQ hash: 32 bytes, quality 0-100, and the hashes of the picture turned and mirrored.

    `dihedral` has 8: unchanged, turned by 90, 180, 270 degrees, mirrored top-down, mirrored left-right, and mirrored
    along either diagonal.
    """

    code: bytes
    quality: int
    dihedral: tuple[bytes, ...]

    @property
    def hex(self) -> str:
        """The hash as 64 hexadecimal digits."""
        return self.code.hex()

    @property
    def is_degenerate(self) -> bool:
        """Whether the hash is meaningless because the picture is nearly uniform."""
        return int.from_bytes(self.code).bit_count() < LEAST_BITS_SET

    @property
    def is_usable(self) -> bool:
        """Whether a match of this hash means anything."""
        return self.quality >= LEAST_QUALITY and not self.is_degenerate

    def bits_from(self, other: "Pdq") -> int:
        """Return the Hamming distance to another hash."""
        return (int.from_bytes(self.code) ^ int.from_bytes(other.code)).bit_count()


def pdq(
    pixels: NDArray[np.uint8],
    *,
    original: tuple[int, int] | None = None,
    convention: Convention = Convention.FULL,
) -> Pdq:
    """Return the PDQ hash of luma uint8 [H, W] or RGB uint8 [H, W, 3].

    `original` (height, width): the size of the picture before it was decoded at this reduced size.
    """
    if min(original or pixels.shape[:2]) < LEAST_PIXELS:
        return Pdq(bytes(BITS // 8), 0, (bytes(BITS // 8),) * 8)
    return hash_of_samples(folded(pixels, original=original, convention=convention))


def folded(
    pixels: NDArray[np.uint8],
    *,
    original: tuple[int, int] | None = None,
    convention: Convention = Convention.FULL,
) -> NDArray[np.float32]:
    """Return the 64 x 64 filtered samples float32 of luma [H, W] or RGB [H, W, 3]."""
    height, width = pixels.shape[:2]
    before = original or (height, width)
    if max(before) <= 512:
        convention = Convention.FULL
    down, across = fold(height, before[0], convention), fold(width, before[1], convention)
    fast = compiled("leeward.matching.hashing.kernels")
    if fast is None:
        return (down.dense() @ luma_of(pixels) @ across.dense().T).astype(np.float32, copy=False)
    pixels = np.ascontiguousarray(pixels)
    kernel = fast.fold_luma if pixels.ndim == 2 else fast.fold_colour
    samples: NDArray[np.float32] = kernel(pixels, down.start, down.samples, down.shares, across.first, across.weights)
    return samples


def luma_of(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the luma float32 [H, W] of luma or RGB uint8."""
    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    red, green, blue = (pixels[..., channel].astype(np.float64) * weight for channel, weight in enumerate(_LUMA))
    luma: NDArray[np.float64] = (red + green) + blue
    return luma.astype(np.float32)


def hash_of_samples(samples: NDArray[np.float32]) -> Pdq:
    """Return the hash of 64 x 64 filtered samples."""
    spectrum = _ordered_product(_ordered_product(COSINES, samples), np.ascontiguousarray(COSINES.T))
    middle = np.partition(spectrum.ravel(), BITS // 2 - 1)[BITS // 2 - 1]
    return Pdq(_code(spectrum, middle), quality_of(samples), _dihedral(spectrum))


def _ordered_product(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """Multiply matrices in float32, adding in a fixed order: another order rounds differently and can flip a bit."""
    total = np.zeros((left.shape[0], right.shape[1]), np.float32)
    for k in range(left.shape[1]):
        total += left[:, k, None] * right[k]
    return total


def _code(spectrum: NDArray[np.float32], middle: np.float32) -> bytes:
    return np.packbits((spectrum.ravel() > middle)[::-1]).tobytes()


def quality_of(samples: NDArray[np.float32]) -> int:
    """Return the sum of the steps between neighbouring samples [64, 64], on PDQ's scale from 0 to 100."""
    down = np.abs(((samples[:-1] - samples[1:]) * np.float32(100) / np.float32(255)).astype(np.int32)).sum()
    across = np.abs(((samples[:, :-1] - samples[:, 1:]) * np.float32(100) / np.float32(255)).astype(np.int32)).sum()
    return int(min(100, (down + across) // 90))


def _dihedral(spectrum: NDArray[np.float32]) -> tuple[bytes, ...]:
    """Return the hashes of the picture turned and mirrored."""
    codes = []
    for variant in dihedral_spectra(spectrum):
        values = np.ascontiguousarray(variant).ravel()
        codes.append(_code(values, np.partition(values, BITS // 2 - 1)[BITS // 2 - 1]))
    return tuple(codes)


def dihedral_spectra(spectrum: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Return the 8 spectra [16, 16] of a picture turned and mirrored, in the order of `Pdq.dihedral`: signs change with
    odd frequencies, axes swap.
    """
    rows, columns = _SIGNS[:, None], _SIGNS[None, :]
    turned = spectrum.T
    return (
        spectrum,
        turned * rows,
        spectrum * rows * columns,
        turned * columns,
        spectrum * rows,
        spectrum * columns,
        turned,
        turned * rows * columns,
    )
