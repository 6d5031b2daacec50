"""Harmless generated pictures to test with: coloured shapes on a gradient."""

import io

import numpy as np
from PIL import Image, ImageDraw


def picture(width: int = 640, height: int = 480, seed: int = 0) -> Image.Image:
    """Forty ellipses and boxes of many sizes, seen the same at every size of the picture."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[0:height, 0:width]
    slope = (60 + across / width * 60 + down / height * 60).astype(np.uint8)
    image = Image.fromarray(np.stack([slope, slope[::-1], slope[:, ::-1]], axis=2))
    draw = ImageDraw.Draw(image)
    for number in range(40):
        x, y = rng.random(2)
        w, h = 0.04 + rng.random(2) * 0.25
        box = (x * width, y * height, (x + w) * width + 1, (y + h) * height + 1)
        colour = tuple(rng.integers(0, 256, 3).tolist())
        (draw.ellipse if number % 2 else draw.rectangle)(box, fill=colour)
    return image


def saved(image: Image.Image, kind: str, **options: object) -> io.BytesIO:
    """The picture as a file in memory, its pointer at the start."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    stream.seek(0)
    return stream
