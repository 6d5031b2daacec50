"""Decoding a video into strips of small grey pictures: one every ten seconds, on pages of a few minutes each. Nothing is written anywhere.
Runs in a child (`foundation/sandbox`)."""

import io
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from PIL import Image, ImageFilter

from leeward.hosting.rules.strip import EVERY_SECONDS, moments_on, pages_of

COLUMNS = 3
GAP = 4
MOST_PIXELS = 3840 * 2160
MOST_SECONDS = 12.0
THREADS = 2
_EMPTY = 128


def strip(
    body: bytes,
    *,
    width: int,
    blurred: bool,
    part: float = 1.0,
    page: int = 1,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any] | None:
    """Return one page of a video's strip as plain data (`hosting/fetching/strips.py`); None if no picture of it can be
    decoded. Only what the page shows is decoded. Never raises because of what the bytes are."""
    taken = _Taken(width=(width - GAP * (COLUMNS - 1)) // COLUMNS, end=clock() + MOST_SECONDS, clock=clock)
    try:
        _walk(body, taken)
    except Exception:  # a decoder raises anything for a file made to break it
        taken.is_damaged = True
    try:
        _take(body, taken, page, part)
    except Exception:
        taken.is_cut = True
    if not taken.pictures:
        return None
    made = _laid_out(taken, width, blurred=blurred)
    target = io.BytesIO()
    made.save(target, "PNG")
    pages = pages_of(taken.seconds)
    is_cut = taken.is_cut or (taken.is_damaged and page == pages)
    return {
        "png": target.getvalue(), "frames": len(taken.pictures), "seconds": taken.seconds, "pages": pages, "is_cut": is_cut,
    }  # fmt: skip


@dataclass
class _Taken:
    """What is known about a video, and the pictures taken from it so far. `keys`: the seconds of the key frames."""

    width: int
    end: float
    clock: Callable[[], float]
    seconds: float = 0.0
    keys: list[float] = field(default_factory=list)
    pictures: list[Image.Image] = field(default_factory=list)
    places: int = 1
    is_damaged: bool = False
    is_cut: bool = False

    def is_over(self) -> bool:
        """Return whether the time is up."""
        self.is_cut = self.is_cut or self.clock() > self.end
        return self.is_cut


def _walk(body: bytes, taken: _Taken) -> None:
    """Read through the video without decoding: the length in its header may be missing, or wrong."""
    half = taken.clock() + MOST_SECONDS / 2
    with _opened(body) as (container, track):
        for packet in container.demux(track):
            at = packet.dts if packet.pts is None else packet.pts
            if at is not None:
                second = float(at * track.time_base) - _start(track)
                taken.seconds = max(taken.seconds, second)
                if packet.is_keyframe:
                    taken.keys.append(second)
            if taken.clock() > half:
                taken.is_damaged = True
                break
        declared_seconds = (
            float(track.duration * track.time_base) if track.duration else float(container.duration or 0) / 1_000_000
        )
        taken.is_damaged = taken.is_damaged or declared_seconds > taken.seconds + EVERY_SECONDS
    taken.keys.sort()


def _take(body: bytes, taken: _Taken, page: int, part: float) -> None:
    moments = moments_on(page, taken.seconds)
    taken.places = len(moments)
    with _opened(body) as (container, track):
        reel = _Reel(container, track, taken)
        for second in moments[: ceil(len(moments) * part)]:
            frame = reel.frame_at(second)
            if frame is None:
                return
            height = max(1, min(2 * taken.width, round(taken.width * frame.height / frame.width)))
            grey = frame.reformat(width=taken.width, height=height, format="gray").to_ndarray()
            taken.pictures.append(Image.fromarray(grey))


class _Reel:
    """A video read forwards, which seeks only if that saves decoding."""

    def __init__(self, container: Any, track: Any, taken: _Taken) -> None:
        self.container, self.track, self.taken = container, track, taken
        self.frames = container.decode(track)
        self.now = 0.0

    def frame_at(self, second: float) -> Any:
        """Return the first picture at `second` or later, or the last one there is; None if the time is up."""
        before = bisect_right(self.taken.keys, second)
        if before and self.taken.keys[before - 1] > self.now:
            at = self.taken.keys[before - 1] + _start(self.track)
            self.container.seek(round(at / self.track.time_base), stream=self.track)
            self.frames = self.container.decode(self.track)
        last = None
        for frame in self.frames:
            if frame.width * frame.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            self.now, last = (frame.time or 0.0) - _start(self.track), frame
            if self.now >= second:
                break
            if self.taken.is_over():
                return None
        return last


@contextmanager
def _opened(body: bytes) -> Iterator[tuple[Any, Any]]:
    """Return the video's container and its first video stream."""
    import av

    with av.open(io.BytesIO(body), mode="r", io_open=_nothing_else) as container:
        track = container.streams.video[0]
        track.thread_type = "AUTO"
        track.codec_context.thread_count = THREADS
        yield container, track


def _start(track: Any) -> float:
    return float((track.start_time or 0) * track.time_base)


def _laid_out(taken: _Taken, width: int, *, blurred: bool) -> Image.Image:
    height = taken.pictures[0].height
    rows = ceil(taken.places / COLUMNS)
    sheet = Image.new("L", (width, rows * height + GAP * (rows - 1)), 255)
    for place in range(taken.places):
        picture = Image.new("L", (taken.width, height), _EMPTY)
        if place < len(taken.pictures):
            picture = taken.pictures[place].resize(picture.size)
            if blurred:
                picture = picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 18))
        row, column = divmod(place, COLUMNS)
        sheet.paste(picture, (column * (taken.width + GAP), row * (height + GAP)))
    return sheet


def _nothing_else(url: str, *arguments: object) -> None:
    """Refuse anything else that a file asks to open."""
    raise PermissionError(f"a video may not open {url}")
