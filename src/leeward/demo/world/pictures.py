"""Harmless pictures made from a seed: landscapes and patterns, textured enough for a perceptual hash."""

import functools
import io
import struct
import zlib
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Motif = Literal["landscape", "pattern"]
Format = Literal["JPEG", "PNG"]
MIME = {"JPEG": "image/jpeg", "PNG": "image/png"}


@functools.lru_cache(maxsize=64)
def picture(seed: int, *, motif: Motif = "landscape", form: Format = "JPEG", width: int = 480) -> bytes:
    """Return the bytes of a picture, four wide to three high; the same seed, motif and width give the same pixels."""
    draw = _landscape if motif == "landscape" else _pattern
    image = draw(seed, width, width * 3 // 4)
    file = io.BytesIO()
    if form == "JPEG":
        image.save(file, "JPEG", quality=88)
    else:
        image.save(file, "PNG", compress_level=3)
    return file.getvalue()


def cut_off(whole: bytes, part: float = 0.4) -> bytes:
    """Return only the first `part` of a picture's bytes, as a broken upload leaves it."""
    return whole[: int(len(whole) * part)]


def claims_to_be_huge(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a PNG of a few hundred bytes whose header claims `width` x `height` pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _grain(rng: np.random.Generator, width: int, height: int, cells: int) -> NDArray[np.float64]:
    """Return soft noise of `cells` cells across, in 0..1, shape (height, width)."""
    coarse = rng.integers(0, 256, size=(cells, cells), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)) / 255.0


def _landscape(seed: int, width: int, height: int) -> Image.Image:
    """Sky with clouds, a sun, ranges of hills that get darker, trees and a lake."""
    rng = np.random.default_rng(seed)
    clouds = 0.6 * _grain(rng, width, height, 7) + 0.4 * _grain(rng, width, height, 19)
    top, bottom = rng.integers(20, 120, 3), rng.integers(170, 250, 3)
    slope = np.linspace(0.0, 1.0, height)[:, None, None]
    sky = top * (1 - slope) + bottom * slope
    white = np.clip((clouds - 0.5) * 4, 0, 1)[:, :, None]
    image = Image.fromarray((sky * (1 - white) + 250 * white).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    sun_x, sun_y, sun = _some(rng, 0, width), _some(rng, 0, height // 3), _some(rng, height // 14, height // 7)
    draw.ellipse((sun_x - sun, sun_y - sun, sun_x + sun, sun_y + sun), fill=(255, 232, 150))
    across = np.arange(width)
    for depth in range(4):
        ridge = np.full(width, height * (0.42 + 0.14 * depth))
        for _ in range(5):
            high, fast, shift = rng.uniform(0.01, 0.09), rng.uniform(3, 26), rng.uniform(0, 6)
            ridge += height * high * np.sin(across / width * fast + shift)
        colour = tuple(int(part) for part in rng.integers(60, 190, 3) * (1.0 - 0.22 * depth))
        draw.polygon([(0, height), *zip(across.tolist(), ridge.tolist(), strict=True), (width, height)], fill=colour)
        _trees(draw, rng, ridge, height, depth)
    lake = rng.integers(0, width, 2)
    draw.ellipse((lake[0] - width // 4, height * 0.86, lake[0] + width // 4, height * 0.97), fill=(150, 200, 225))
    return image.filter(ImageFilter.GaussianBlur(0.6))


def _some(rng: np.random.Generator, least: int, below: int) -> int:
    return int(rng.integers(least, below))


def _trees(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, ridge: NDArray[np.float64], height: int, depth: int
) -> None:
    """Plant fir trees along a ridge, larger and darker the nearer it is."""
    for root in rng.integers(0, len(ridge), 14):
        tall = height * float(rng.uniform(0.04, 0.1)) * (1 + depth)
        wide, foot = tall * 0.3, float(ridge[root]) + tall * 0.3
        shade = (int(rng.integers(5, 50)), int(rng.integers(30, 110)), int(rng.integers(10, 60)))
        draw.polygon([(root - wide, foot), (root, foot - tall), (root + wide, foot)], fill=shade)


def _pattern(seed: int, width: int, height: int) -> Image.Image:
    """A mosaic: tiles of different size and colour, crossed by stripes and circles."""
    rng = np.random.default_rng(seed + 1_000_003)
    columns, rows = (int(number) for number in rng.integers(9, 15, 2))
    tiles = rng.integers(0, 256, size=(rows, columns, 3), dtype=np.uint8)
    image = Image.fromarray(tiles).resize((width, height), Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(image)
    for _ in range(7):
        colour = tuple(int(part) for part in rng.integers(0, 256, 3))
        start, end = rng.integers(0, width, 2)
        draw.line((int(start), 0, int(end), height), fill=colour, width=int(rng.integers(6, 20)))
        x, y, radius = _some(rng, 0, width), _some(rng, 0, height), _some(rng, height // 16, height // 6)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=int(rng.integers(4, 14)))
    return image
