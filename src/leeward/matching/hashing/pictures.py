"""Decode pictures for hashing: within limits, a JPEG no larger than its hash needs, animations frame by frame."""

import time
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from leeward.matching.hashing.errors import PictureBroken
from leeward.matching.hashing.folding import NEAREST, Convention
from leeward.matching.hashing.jpeg_scans import without_unneeded_scans
from leeward.matching.hashing.pdq import LEAST_PIXELS, Pdq, folded, pdq
from leeward.matching.hashing.visual import PICTURE_LIMITS, PRUNE_BITS, Frame, Limits, PictureHash
from leeward.matching.variants import Variant, soft_hash_from, stored_windows, variants_of

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP")
# Our own limit on pixels is checked before decoding; Pillow's warning would only repeat it.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class Deadline:
    """A stream that refuses reads after a deadline, so that a decoder can't be kept busy for ever."""

    def __init__(
        self, stream: IO[bytes], seconds: float, clock: Callable[[], float], *, end: float | None = None
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds if end is None else end

    def over(self, stream: IO[bytes]) -> "Deadline":
        """Return another stream with the same deadline."""
        return Deadline(stream, self._seconds, self._clock, end=self._end)

    def check(self) -> None:
        """Raise PictureBroken once the deadline has passed."""
        if self._clock() > self._end:
            raise PictureBroken(f"it took longer than {self._seconds:g} seconds")

    def read(self, size: int = -1, /) -> bytes:
        """Read like the stream itself."""
        self.check()
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Seek like the stream itself."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Tell like the stream itself."""
        return self._stream.tell()


def hash_picture(
    stream: IO[bytes],
    *,
    exact: bool = False,
    variants: bool = False,
    windows: bool = False,
    limits: Limits = PICTURE_LIMITS,
    clock: Callable[[], float] = time.monotonic,
) -> PictureHash | None:
    """Return the hashes of a picture, or None when the bytes are not in a known picture format; raises PictureBroken.

    A JPEG is decoded at the smallest scale with at least 512 pixels a side unless `exact`: hashes that are submitted to
    a list should be exact. The picture is hashed as it is stored: EXIF rotation is one of the 8 dihedral hashes.
    `variants`, `windows`: derive these too (of an animation, from its first frame).
    """
    timed = Deadline(stream, limits.seconds, clock)
    picture = _opened(timed, limits)
    if picture is None:
        return None
    width, height = picture.size
    kind = picture.format or ""
    try:
        pixels = _pixels(picture, timed, exact=exact)
        full = pdq(pixels, original=(height, width))
        nearest = full
        if max(width, height) > NEAREST:
            nearest = pdq(pixels, original=(height, width), convention=Convention.NN512)
        altered = _variants(pixels, (height, width), _as_others_read(picture)) if variants else ()
        stored = tuple(stored_windows(pixels)) if windows else ()
        frames, note = _frames(picture, full, timed, limits)
    except PictureBroken:
        raise
    except Exception as error:  # a malicious file can make a decoder raise anything
        raise PictureBroken(_reason(error, kind)) from error
    return PictureHash(kind, width, height, full, nearest, frames, note, altered, stored)


def _as_others_read(picture: Image.Image) -> NDArray[np.uint8] | None:
    """Return a picture with 16 bits per channel as python-threatexchange sees it: values clipped at 255, not scaled."""
    if not picture.mode.startswith("I;16"):
        return None
    cut_off: NDArray[np.uint8] = np.minimum(np.asarray(picture), 255).astype(np.uint8)
    return cut_off


def _variants(
    pixels: NDArray[np.uint8], original: tuple[int, int], also: NDArray[np.uint8] | None
) -> tuple[Variant, ...]:
    """Return the variants of a decoded picture of this original size (height, width); `also`: other readings of the
    whole picture.
    """
    if min(original) < LEAST_PIXELS:
        return ()
    both = (Convention.FULL, Convention.NN512) if max(original) > NEAREST else (Convention.FULL,)
    plain = [soft_hash_from(folded(pixels, original=original, convention=convention)) for convention in both]
    plain += [] if also is None else [soft_hash_from(folded(also))]
    return tuple(variants_of(pixels, plain))


@cache
def _formats() -> tuple[str, ...]:
    """Return the readable formats; HEIF needs pillow-heif."""
    Image.init()
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return tuple(name for name in FORMATS if name in Image.OPEN)
    register_heif_opener()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _opened(stream: Deadline, limits: Limits) -> Image.Image | None:
    try:
        ImageFile.LOAD_TRUNCATED_IMAGES = (
            False  # others in the process may have set it, and a truncated picture would seem complete
        )
        picture = Image.open(stream, formats=_formats())  # type: ignore[arg-type]  # it has what Pillow asks of a stream
    except UnidentifiedImageError:
        return None
    except PictureBroken:
        raise
    except Image.DecompressionBombError as error:
        raise PictureBroken(f"it has more than {limits.pixels} pixels") from error
    except Exception as error:
        raise PictureBroken(_reason(error, "")) from error
    if picture.width * picture.height > limits.pixels:
        raise PictureBroken(f"it has {picture.width} x {picture.height} pixels, more than {limits.pixels}")
    return picture


def _pixels(picture: Image.Image, stream: Deadline, *, exact: bool) -> NDArray[np.uint8]:
    """Decode to RGB [H, W, 3]; a JPEG that need not be exact, to luma [h, w] at a reduced size."""
    if picture.format in ("JPEG", "MPO") and not exact and max(picture.size) > NEAREST:
        if "progressive" in picture.info and picture.format == "JPEG":
            picture = _lean(picture, stream)
        picture.draft("L", (NEAREST, NEAREST))
        if picture.mode == "L":
            return np.asarray(picture)
    return np.asarray(_in_rgb(picture))


def _lean(picture: Image.Image, stream: Deadline) -> Image.Image:
    """Return the same progressive JPEG without unneeded scans, where they can be removed."""
    scale = min(picture.width // NEAREST, picture.height // NEAREST)
    stream.seek(0)
    lean = without_unneeded_scans(stream.read(), next((by for by in (8, 4, 2) if scale >= by), 1))
    if lean is None:
        return picture
    return Image.open(stream.over(BytesIO(lean)), formats=("JPEG",))  # type: ignore[arg-type]  # the same


def _in_rgb(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB; 16 bits become 8 by their upper half, transparency is dropped."""
    if picture.mode.startswith("I"):
        values = np.asarray(picture)
        deep = values >> 8 if picture.mode.startswith("I;16") or int(values.max()) > 255 else values
        return Image.fromarray(np.clip(deep, 0, 255).astype(np.uint8)).convert("RGB")
    return picture.convert("RGB")


def _frames(picture: Image.Image, first: Pdq, timed: Deadline, limits: Limits) -> tuple[tuple[Frame, ...], str | None]:
    """Return the frames of an animation that differ from the previous one, and a note where limits cut it short."""
    if picture.format == "MPO" or not getattr(picture, "is_animated", False):
        return (), None
    kept = [Frame(0.0, first)]
    try:
        for second, pixels in _later_frames(picture):
            timed.check()
            current = pdq(pixels)
            if current.bits_from(kept[-1].pdq) > PRUNE_BITS:
                if len(kept) == limits.frames:
                    return tuple(kept), f"only its first {limits.frames} different frames are hashed"
                kept.append(Frame(second, current))
    except PictureBroken as error:
        return tuple(kept), f"only its first {len(kept)} different frames are hashed: {error.why}"
    except Exception as error:
        return tuple(kept), f"a frame is broken: {_reason(error, picture.format or '')}"
    return tuple(kept), None


def _later_frames(picture: Image.Image) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    second = 0.0
    number = 0
    while True:
        second += _duration(picture.info)
        number += 1
        try:
            picture.seek(number)
        except EOFError:
            return
        yield round(second, 3), np.asarray(_in_rgb(picture))


def _duration(info: dict[Any, Any]) -> float:
    """Return for how many seconds a frame is shown; pages of a TIFF count as one second each."""
    duration = info.get("duration", 1000.0)
    return float(duration) / 1000 if isinstance(duration, (int, float)) else 1.0


def _reason(error: Exception, kind: str) -> str:
    """Summarise a decoder's error in a few words."""
    text = str(error).split("\n")[0].strip().rstrip(".")
    if "truncated" in text.lower() or "broken data stream" in text.lower() or isinstance(error, EOFError):
        return f"the {kind or 'file'} is cut off or damaged ({text})" if text else "it ends too early"
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    return f"the {kind or 'picture'} is damaged ({text or type(error).__name__})"
