"""vPDQ: a video as the PDQ hashes of its frames, and how much two videos share.

Source: Meta, vpdq/README.md in the ThreatExchange repository (distance 31, quality 50, share of frames either way).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from leeward.matching.hashing.errors import PictureBroken
from leeward.matching.hashing.pdq import LEAST_QUALITY, Pdq, pdq
from leeward.matching.hashing.visual import PRUNE_BITS, Frame, Limits
from leeward.matching.index import engine

MATCH_DISTANCE_BITS = 31
MATCH_KNOWN_PERCENT = 80.0
MATCH_QUERY_PERCENT = 0.0
VIDEO_LIMITS = Limits(seconds=3600)
Progress = Callable[[float, float], None]
_SIGNATURES = ((4, b"ftyp"), (0, b"\x1a\x45\xdf\xa3"), (8, b"AVI "), (0, b"OggS"), (0, b"FLV\x01"), (4, b"moov"))
_STARTS = (b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11")
_TRANSPORT_PACKET_BYTES = 188


@dataclass(frozen=True, slots=True)
class VideoHash:
    """The hashed frames of a video, its length in seconds, and a note where limits cut it short."""

    frames: tuple[Frame, ...]
    seconds: float
    note: str | None = None


@dataclass(frozen=True, slots=True)
class VideoMatch:
    """The percentage of each video's frames that have a near one in the other."""

    query_percent: float
    known_percent: float

    @property
    def is_match(self) -> bool:
        """Whether this is the same video by vPDQ's recommendation: 80 percent of the known one is in the query."""
        return self.known_percent >= MATCH_KNOWN_PERCENT and self.query_percent > MATCH_QUERY_PERCENT


def looks_like_video(start: bytes) -> bool:
    """Return whether a file that begins with these bytes (400 are enough) is in a readable video container."""
    if any(start[at : at + len(sign)] == sign for at, sign in _SIGNATURES) or start.startswith(_STARTS):
        return True
    packets = start[:1] == b"G" and start[_TRANSPORT_PACKET_BYTES : _TRANSPORT_PACKET_BYTES + 1] == b"G"
    return packets and len(start) > _TRANSPORT_PACKET_BYTES


def hash_video(
    stream: IO[bytes],
    *,
    every_seconds: float = 1.0,
    prune_bits: int = PRUNE_BITS,
    limits: Limits = VIDEO_LIMITS,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> VideoHash:
    """Hash one frame a second and every key frame of a video; raises PictureBroken.

    A frame within `prune_bits` of the last one kept is left out. `progress(second, seconds)` is called at each frame.
    """
    import av

    end = clock() + limits.seconds
    kept: list[Frame] = []
    try:
        with av.open(stream, mode="r", io_open=_nothing_else) as container:
            if not container.streams.video:
                raise PictureBroken("it has no picture track")
            track = container.streams.video[0]
            track.thread_type = "AUTO"
            length = _length(container, track)
            note = None
            due = 0.0
            for number, frame in enumerate(container.decode(track)):
                second = frame.time if frame.time is not None else number / float(track.average_rate or 25)
                if second < due and not frame.key_frame:
                    continue
                due = max(due, (second // every_seconds + 1) * every_seconds)
                note = _over_the_limits(frame, len(kept), limits) or ("it took too long" if clock() > end else None)
                if note:
                    break
                current = pdq(_luma(frame))
                if not kept or current.bits_from(kept[-1].pdq) > prune_bits:
                    kept.append(Frame(round(float(second), 3), current))
                if progress is not None:
                    progress(float(second), length)
    except PictureBroken:
        raise
    except Exception as error:  # a malicious file can make a decoder raise anything
        return _cut_short(kept, error)
    if not kept:
        raise PictureBroken(note or "the video has no frame")
    return VideoHash(tuple(kept), length, note and f"only {len(kept)} frames are hashed: {note}")


def _nothing_else(url: str, *arguments: object) -> None:
    """Refuse any other file that the video asks to open."""
    raise PermissionError(f"a video may not open {url}")


def _cut_short(kept: list[Frame], error: Exception) -> VideoHash:
    """Return what was hashed before a video turned out to be damaged; raises PictureBroken if there is nothing."""
    message = getattr(error, "strerror", None) or str(error)
    why = (message.split("\n")[0] or type(error).__name__).split("; last error")[0]
    if not kept:
        raise PictureBroken(f"the video is damaged ({why})") from error
    return VideoHash(tuple(kept), kept[-1].second, f"only {len(kept)} frames are hashed: the video is damaged ({why})")


def _length(container: Any, track: Any) -> float:
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    return float(container.duration or 0) / 1_000_000


def _over_the_limits(frame: Any, kept: int, limits: Limits) -> str | None:
    if frame.width * frame.height > limits.pixels:
        return f"a frame has {frame.width} x {frame.height} pixels"
    return f"there are more than {limits.frames}" if kept >= limits.frames else None


def _luma(frame: Any) -> NDArray[np.uint8]:
    pixels: NDArray[np.uint8] = frame.to_ndarray(format="gray")
    return pixels


def match_videos(
    query: Sequence[Pdq],
    known: Sequence[Pdq],
    *,
    max_distance_bits: int = MATCH_DISTANCE_BITS,
    least_quality: int = LEAST_QUALITY,
) -> VideoMatch:
    """Compare the frames of two videos; frames below `least_quality` and repeated ones do not count."""
    codes = [_distinct(frames, least_quality) for frames in (query, known)]
    if not len(codes[0]) or not len(codes[1]):
        return VideoMatch(0.0, 0.0)
    queries, rows, _ = engine.scan(np.ascontiguousarray(codes[1].T), codes[0], max_distance_bits)
    return VideoMatch(
        query_percent=100.0 * len(np.unique(queries)) / len(codes[0]),
        known_percent=100.0 * len(np.unique(rows)) / len(codes[1]),
    )


def _distinct(frames: Sequence[Pdq], least_quality: int) -> NDArray[np.uint64]:
    codes = sorted({frame.code for frame in frames if frame.quality >= least_quality})
    return np.frombuffer(b"".join(codes), np.uint64).reshape(-1, 4)


def frames_from_text(text: str) -> list[Frame]:
    """Read frames as vPDQ's own programs write them: frame number, quality, hash, second on each line; raises ValueError."""
    frames = []
    for line in text.splitlines():
        if line.strip():
            _, quality, code, second = line.split(",")
            frames.append(Frame(float(second), Pdq(bytes.fromhex(code), int(quality), ())))
    return frames
