"""Small harmless files for the decoders, made here: patterns, tones, a page. None is kept in the repository."""

import io
import wave
from functools import cache

import av
import numpy as np
from PIL import Image

SIDE = 48


@cache
def files() -> dict[str, bytes]:
    """Return a file of each kind that a decoder may be given, by its kind."""
    made = {form: _picture(form) for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")}
    made |= {"animation": _animation(), "video": _video(), "sound": _sound(), "page": _PAGE}
    return made


_PAGE = b"""<!doctype html><html lang=en><head><meta charset=utf-8><title>Harbour</title><base href="/a/"></head>
<body><h1>A harbour</h1><img src="b.png" srcset="c.png 2x"><video src=d.mp4></video><a href="http://e.example/?q=1#f">out</a>
<form action=/g><input type=password></form><script>var x = "<img src=h.png>"</script></body></html>"""


def _pattern(shift: int = 0) -> Image.Image:
    down, right = np.mgrid[0:SIDE, 0:SIDE]
    return Image.fromarray(
        np.stack([down * 5 % 256, (right + shift) * 7 % 256, (down ^ right) % 256], 2).astype(np.uint8)
    )


def _picture(form: str) -> bytes:
    out = io.BytesIO()
    _pattern().save(out, form)
    return out.getvalue()


def _animation() -> bytes:
    out = io.BytesIO()
    _pattern().save(out, "GIF", save_all=True, append_images=[_pattern(9), _pattern(20)], duration=100)
    return out.getvalue()


def _video() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("mpeg4", rate=5)
        stream.width = stream.height = SIDE
        stream.pix_fmt = "yuv420p"
        for number in range(5):
            film.mux(stream.encode(av.VideoFrame.from_image(_pattern(number * 4))))
        film.mux(stream.encode(None))
    return out.getvalue()


def _sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes((np.sin(np.arange(4000) / 5) * 9000).astype("<i2").tobytes())
    return out.getvalue()
