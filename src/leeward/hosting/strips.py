"""A video as a strip of small grey pictures, in memory: one every ten seconds, without sound. Nothing is written anywhere."""

import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

from PIL import Image, ImageFilter

EVERY_SECONDS = 10.0
MOST_FRAMES = 24
COLUMNS = 3
GAP = 4
MOST_PIXELS = 3840 * 2160
MOST_SECONDS = 8.0
MOST_DECODED = 600  # frames between a place that can be jumped to and the one that is wanted
_EMPTY = 128
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Strip:
    """The pictures of a video in one grey PNG: how many it holds, how long the video is, how far apart they are, and whether it
    stopped early, because the file is damaged or it took too long."""

    png: bytes
    frames: int
    seconds: float
    every_seconds: float
    is_cut: bool


def strip_of(
    body: bytes, *, width: int, blurred: bool, part: float = 1.0, clock: Callable[[], float] = time.monotonic
) -> Strip | None:
    """Return the strip of a video, `width` pixels wide, or None where no picture of it can be decoded. `part` (0 to 1) shows the
    pictures of that much of it, from its start. Never raises for what the bytes are."""
    with _one_at_a_time:
        taken = _Taken(width=(width - GAP * (COLUMNS - 1)) // COLUMNS, end=clock() + MOST_SECONDS, clock=clock)
        try:
            _take(body, taken, part)
        except Exception:  # a decoder raises whatever it likes for a file made to break it
            taken.is_cut = True
    if not taken.pictures:
        return None
    made = _laid_out(taken, width, blurred=blurred)
    target = io.BytesIO()
    made.save(target, "PNG")
    return Strip(target.getvalue(), len(taken.pictures), taken.seconds, taken.every, taken.is_cut)


class _Taken:
    """What was taken out of a video so far."""

    def __init__(self, *, width: int, end: float, clock: Callable[[], float]) -> None:
        self.width, self.end, self.clock = width, end, clock
        self.pictures: list[Image.Image] = []
        self.places = 1
        self.seconds, self.every = 0.0, EVERY_SECONDS
        self.is_cut = False

    def is_over(self) -> bool:
        """Whether the time is up."""
        self.is_cut = self.is_cut or self.clock() > self.end
        return self.is_cut


def _take(body: bytes, taken: _Taken, part: float) -> None:
    import av

    with av.open(io.BytesIO(body), mode="r", io_open=_nothing_else) as container:
        if not container.streams.video:
            return
        track = container.streams.video[0]
        track.thread_type = "AUTO"
        taken.seconds = _length(container, track)
        wanted = _moments(taken)
        for second in wanted[: max(1, ceil(len(wanted) * part))]:
            if taken.is_over() or not _take_at(container, track, second, taken):
                return


def _moments(taken: _Taken) -> list[float]:
    """The seconds at which a picture is taken: every ten, or further apart where the video is long."""
    count = int(taken.seconds // EVERY_SECONDS) + 1
    step = ceil(count / MOST_FRAMES)
    moments = [number * EVERY_SECONDS for number in range(0, count, step)]
    taken.places, taken.every = len(moments), step * EVERY_SECONDS
    return moments


def _take_at(container: Any, track: Any, second: float, taken: _Taken) -> bool:
    """Take the first picture at `second` or after it; False at the end of what can be had."""
    if second:
        container.seek(int((second + _start(track)) / track.time_base), stream=track)
    last = None
    for number, frame in enumerate(container.decode(track)):
        if frame.width * frame.height > MOST_PIXELS:
            taken.is_cut = True
            return False
        last = frame
        at = (frame.time or 0.0) - _start(track)
        if at >= second or number >= MOST_DECODED or taken.is_over():
            break
    if last is not None:
        height = max(1, min(2 * taken.width, round(taken.width * last.height / last.width)))
        grey = last.reformat(width=taken.width, height=height, format="gray").to_ndarray()
        taken.pictures.append(Image.fromarray(grey))
    return last is not None


def _start(track: Any) -> float:
    return float((track.start_time or 0) * track.time_base)


def _length(container: Any, track: Any) -> float:
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    return float(container.duration or 0) / 1_000_000


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
    """Refuse what a file asks to open beside itself."""
    raise PermissionError(f"a video may not open {url}")
