"""A million codes of pictures that are not on the list: windows of stamps, textures, panoramas and generated pictures. Random codes prove nothing."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.matching.peers import FOLDER
from leeward.matching.hashing.pdq import COSINES
from leeward.matching.variants.windows import reduced, samples_of

PACKAGES = ("tuxpaint-stamps-default", "extremetuxracer-data", "stellarium-data", "breeze-wallpaper")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
LEAST_SIDE = 300
LONG_SIDE, WINDOWS = 320, 160
GENERATED = 1200
DRAW = 20271127


def strangers(count: int) -> NDArray[np.uint8]:
    """Return `count` codes uint8 [n, 32]; made once and kept (some minutes for a million)."""
    kept = FOLDER / f"strangers-{count}.npy"
    if not kept.exists():
        pictures = [*_of_packages(), *(_generated(number) for number in range(GENERATED))]
        codes = _codes(pictures, count)
        np.save(kept, codes)
    found: NDArray[np.uint8] = np.load(kept)
    return found


def _of_packages() -> Iterator[NDArray[np.float32]]:
    folder = FOLDER / "strangers"
    if not folder.exists():
        packages = FOLDER / "stranger-packages"
        packages.mkdir(parents=True, exist_ok=True)
        if shutil.which("apt-get") is None:
            raise RuntimeError("the pictures of strangers come from Debian's packages, and there is no apt-get here")
        subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=packages, check=True, capture_output=True)
        for package in packages.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and not path.is_symlink():
            luma = _read(path)
            if luma is not None:
                yield luma


def _read(path: Path) -> NDArray[np.float32] | None:
    try:
        with Image.open(path) as picture:
            if min(picture.size) < LEAST_SIDE:
                return None
            on_white = Image.new("RGBA", picture.size, "white")
            on_white.alpha_composite(picture.convert("RGBA"))
            return reduced(np.asarray(on_white.convert("RGB")), LONG_SIDE)
    except (OSError, ValueError):
        return None


def _generated(number: int) -> NDArray[np.float32]:
    """Noise of many scales, as clouds and landscapes have."""
    rng = np.random.default_rng([DRAW, number])
    luma = np.zeros((240, 320), np.float32)
    for scale in (4, 8, 16, 32, 64):
        small = Image.fromarray(rng.normal(0, 60 / scale**0.6, (scale * 3 // 4 + 1, scale + 1)).astype(np.float32))
        luma += np.asarray(small.resize((320, 240), Image.Resampling.BICUBIC))
    return np.clip(luma * 2 + 128, 0, 255)


def _codes(pictures: list[NDArray[np.float32]], count: int) -> NDArray[np.uint8]:
    """Take windows of 35 to 100 % of each side until there are enough of those with something in them."""
    rng = np.random.default_rng(DRAW)
    kept: list[NDArray[np.uint8]] = []
    while sum(map(len, kept)) < count:
        for luma in pictures:
            sides = 0.35 + 0.65 * rng.random((WINDOWS, 2))
            starts = rng.random((WINDOWS, 2)) * (1 - sides)
            windows = np.stack(
                [starts[:, 0], starts[:, 0] + sides[:, 0], starts[:, 1], starts[:, 1] + sides[:, 1]], axis=1
            )
            kept.append(_telling(np.stack([samples_of(luma, _rounded(*window)) for window in windows])))
    return np.concatenate(kept)[:count]


def _telling(samples: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the codes [n, 32] of samples [m, 64, 64] with a quality of 50 at least."""
    steps = [np.abs((np.diff(samples, axis=axis) * (100 / 255)).astype(np.int32)).sum(axis=(1, 2)) for axis in (1, 2)]
    samples = samples[(steps[0] + steps[1]) // 90 >= 50]
    spectra = (COSINES @ samples @ COSINES.T).reshape(-1, 256)
    middle = np.partition(spectra, 127, axis=1)[:, 127]
    return np.packbits((spectra > middle[:, None])[:, ::-1], axis=1)


def _rounded(*sides: float) -> tuple[float, float, float, float]:
    """Windows on a raster of 1/64, so that their weights are made once."""
    top, bottom, left, right = (round(side * 64) / 64 for side in sides)
    return top, bottom, left, right
