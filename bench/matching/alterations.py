"""What people do to pictures before they send them on: each a function of a picture and a random source, none larger than 1280 pixels after."""

import io
from collections.abc import Callable
from math import cos, radians, sin

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Picture = Image.Image
Alteration = Callable[[Picture, np.random.Generator], Picture]
LONG_SIDE = 1280


def upload(picture: Picture, name: str, seed: int) -> bytes:
    """Return the bytes of a JPEG (quality 80, long side 1280 at most) of an altered picture."""
    act = UNEVENLY if name == UNEVEN else ALTERATIONS[name]
    altered = act(picture.convert("RGB"), np.random.default_rng(seed))
    altered.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    altered.save(out, "JPEG", quality=80)
    return out.getvalue()


def _cropped(top: float, bottom: float, left: float, right: float) -> Alteration:
    def act(picture: Picture, rng: np.random.Generator) -> Picture:
        w, h = picture.size
        return picture.crop((round(left * w), round(top * h), round((1 - right) * w), round((1 - bottom) * h)))

    return act


def _one_side(share: float) -> Alteration:
    def act(picture: Picture, rng: np.random.Generator) -> Picture:
        cut = [0.0] * 4
        cut[int(rng.integers(4))] = share
        return _cropped(cut[0], cut[1], cut[2], cut[3])(picture, rng)

    return act


def _off_centre(share: float) -> Alteration:
    def act(picture: Picture, rng: np.random.Generator) -> Picture:
        u, v = rng.random(2)
        return _cropped(u * share, (1 - u) * share, v * share, (1 - v) * share)(picture, rng)

    return act


def _uneven(share: float, by: float) -> Alteration:
    """Cut every side by its own amount, within `by` of a share."""

    def act(picture: Picture, rng: np.random.Generator) -> Picture:
        top, bottom, left, right = (share + by * (2 * rng.random(4) - 1)).tolist()
        return _cropped(top, bottom, left, right)(picture, rng)

    return act


def _bordered(colour: str | None, share: float) -> Alteration:
    def act(picture: Picture, rng: np.random.Generator) -> Picture:
        w, h = picture.size
        edge = round(share * min(w, h))
        size = (w + 2 * edge, h + 2 * edge)
        blurred = colour is None
        around = picture.resize(size) if blurred else Image.new("RGB", size, colour)
        around = around.filter(ImageFilter.GaussianBlur(0.04 * min(size))) if blurred else around
        around.paste(picture, (edge, edge))
        return around

    return act


def _phone(colour: str, ink: str) -> Alteration:
    """A screenshot: the picture between a status bar with a clock and icons and a bar of buttons."""

    def act(picture: Picture, rng: np.random.Generator) -> Picture:
        w, h = picture.size
        top, bottom = round(0.04 * max(w, h)), round(0.06 * max(w, h))
        shot = Image.new("RGB", (w, h + top + bottom), colour)
        shot.paste(picture, (0, top))
        draw = ImageDraw.Draw(shot)
        draw.text((0.04 * w, 0.15 * top), "21:47", fill=ink, font_size=0.6 * top)
        for number in range(3):
            x = w * (0.96 - 0.05 * number)
            draw.rectangle((x - 0.5 * top, 0.25 * top, x, 0.75 * top), fill=ink)
            x, y = w * (0.25 + 0.25 * number), h + top + bottom / 2
            draw.ellipse((x - 0.2 * bottom, y - 0.2 * bottom, x + 0.2 * bottom, y + 0.2 * bottom), outline=ink, width=3)
        return shot

    return act


def _caption(picture: Picture, rng: np.random.Generator) -> Picture:
    w, h = picture.size
    bar = round(0.17 * h)
    framed = Image.new("RGB", (w, h + bar), "white")
    framed.paste(picture, (0, bar))
    draw = ImageDraw.Draw(framed)
    for line, text in enumerate(("when the ferry is late again", "and the tea is cold")):
        draw.text((0.05 * w, (0.1 + 0.45 * line) * bar), text, fill="black", font_size=0.3 * bar)
    return framed


def _rotated(kept: str) -> Alteration:
    def act(picture: Picture, rng: np.random.Generator) -> Picture:
        degrees = 3.0 if rng.random() < 0.5 else -3.0
        turned = picture.rotate(degrees, Image.Resampling.BICUBIC, expand=kept == "corners")
        if kept == "corners":
            return turned
        w, h = picture.size
        s, c = sin(radians(3)), cos(radians(3))
        k = min(h / (w * s + h * c), w / (w * c + h * s))
        return _cropped(*((1 - k) / 2,) * 4)(turned, rng)

    return act


def _watermark(picture: Picture, rng: np.random.Generator) -> Picture:
    w, h = picture.size
    over = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(over)
    size = 0.035 * max(w, h)
    for y in np.arange(0, h, 4 * size):
        for x in np.arange(0, w, 8 * size):
            draw.text((x + (y % (8 * size)), y), "harbour.example", fill=(255, 255, 255, 110), font_size=size)
    return Image.alpha_composite(picture.convert("RGBA"), over).convert("RGB")


def _sticker(share: float) -> Alteration:
    def act(picture: Picture, rng: np.random.Generator) -> Picture:
        w, h = picture.size
        side = (share * w * h) ** 0.5
        x, y = rng.random() * (w - side), rng.random() * max(h - side, 0)
        covered = picture.copy()
        draw = ImageDraw.Draw(covered)
        draw.ellipse((x, y, x + side, y + side), fill="gold", outline="black", width=max(2, int(side / 30)))
        for eye in (0.33, 0.67):
            draw.ellipse(
                (x + (eye - 0.07) * side, y + 0.3 * side, x + (eye + 0.07) * side, y + 0.48 * side), fill="black"
            )
        draw.arc(
            (x + 0.25 * side, y + 0.3 * side, x + 0.75 * side, y + 0.8 * side), 20, 160, "black", max(2, int(side / 15))
        )
        return covered

    return act


def _meme(picture: Picture, rng: np.random.Generator) -> Picture:
    w, h = picture.size
    written = picture.copy()
    draw = ImageDraw.Draw(written)
    for y, text in ((0.03, "ONE DOES NOT SIMPLY"), (0.83, "LEAVE THE HARBOUR")):
        size = 0.085 * w
        place = ((w - draw.textlength(text, font_size=size)) / 2, y * h)
        draw.text(place, text, fill="white", font_size=size, stroke_width=max(2, int(size / 12)), stroke_fill="black")
    return written


def _small(picture: Picture, rng: np.random.Generator) -> Picture:
    small = picture.copy()
    small.thumbnail((640, 640), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=30)
    return Image.open(out).convert("RGB")


def _mirrored(picture: Picture, rng: np.random.Generator) -> Picture:
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


ALTERATIONS: dict[str, Alteration] = {
    "small, quality 30": _small,
    "mirrored": _mirrored,
    "white border 10 %": _bordered("white", 0.10),
    "black border 10 %": _bordered("black", 0.10),
    "blurred border 10 %": _bordered(None, 0.10),
    "phone bars, dark": _phone("#111111", "#eeeeee"),
    "phone bars, light": _phone("#f6f6f6", "#222222"),
    "caption bar": _caption,
    "rotated 3°, cut to a rectangle": _rotated("cut"),
    "rotated 3°, with corners": _rotated("corners"),
    "watermark, tiled": _watermark,
    "crop 2.5 % a side": _cropped(*(0.025,) * 4),
    "crop 5 % a side": _cropped(*(0.05,) * 4),
    "crop 10 % a side": _cropped(*(0.10,) * 4),
    "crop 5 % off one side": _one_side(0.05),
    "crop 10 % off one side": _one_side(0.10),
    "crop off-centre, 4 %": _off_centre(0.04),
    "sticker, 10 % of the area": _sticker(0.10),
    "sticker, 4 % of the area": _sticker(0.04),
    "text over it (meme)": _meme,
}
UNEVEN = "crop 5 % a side, each 4 to 6 %"
"""A crop that differs each time; `bank_recall` makes many of each picture."""
UNEVENLY = _uneven(0.05, 0.01)
