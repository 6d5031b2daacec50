"""Everything to be said about one file: its digests, its visual hashes, and its problems."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any

from leeward.matching.hashing.digests import Digests, digest_stream
from leeward.matching.hashing.errors import PictureBroken
from leeward.matching.hashing.licensed import LicensedHasher, codes_of
from leeward.matching.hashing.pdq import Pdq
from leeward.matching.hashing.video import hash_video, looks_like_video
from leeward.matching.hashing.visual import PICTURE_LIMITS, Frame, Limits

if TYPE_CHECKING:  # variants import this package
    from leeward.matching.variants import Variant

DIGEST_FIELDS = ("md5", "sha1", "sha256", "ed2k", "ed2k_alt", "tth", "aich", "bt2")
PICTURE_FIELDS = ("pdq", "pdq_nn512", "quality", "pdq_dihedral", "frames")
FIELDS = ("size", *DIGEST_FIELDS, *PICTURE_FIELDS)
DERIVED_FIELDS = ("variants", "windows")
OPTIONAL_FIELDS = ("sha512", *DERIVED_FIELDS)
_IN_MEMORY_BYTES = 64 << 20
START_BYTES = 512
_PICTURE_NAMES = frozenset(".jpg .jpeg .jpe .jfif .png .webp .gif .avif .heic .heif .tif .tiff .bmp .apng".split())
_VIDEO_NAMES = frozenset(".mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .ts .flv .wmv .3gp .ogv".split())


@dataclass(frozen=True, slots=True)
class FileHashes:
    """The hashes of one file. `pdq` and `pdq_nn512` of a picture, `frames` of an animation or a video.

    `error` is a finding about the file (truncated, too large, not what its name says); whatever could be computed is
    present. `licensed` has the codes of installed hashers, by kind. `variants`: what the picture may have looked like
    before it was altered; `windows`: PDQ codes of parts of it, for a list that stores the file as known. Both only on
    request.
    """

    path: str
    digests: Digests | None = None
    pdq: Pdq | None = None
    pdq_nn512: Pdq | None = None
    frames: tuple[Frame, ...] = ()
    error: str | None = None
    licensed: tuple[tuple[str, bytes], ...] = ()
    variants: "tuple[Variant, ...]" = ()
    windows: tuple[bytes, ...] = ()

    def as_dict(self, only: Collection[str] = ()) -> dict[str, Any]:
        """Return the row of `leeward hash --json`: path, the fields asked for (default: FIELDS), error."""
        from leeward.matching.variants.plain import row_of

        wanted = set(only) or set(FIELDS)
        if wanted & {"pdq", "pdq_nn512"}:
            wanted.add("quality")
        values = {name: getattr(self.digests, name, None) for name in ("size", *DIGEST_FIELDS, *OPTIONAL_FIELDS)}
        values |= {
            "pdq": self.pdq and self.pdq.hex,
            "pdq_nn512": self.pdq_nn512 and self.pdq_nn512.hex,
            "quality": self.pdq and self.pdq.quality,
            "pdq_dihedral": [code.hex() for code in self.pdq.dihedral] if self.pdq else [],
            "frames": [
                {"second": frame.second, "quality": frame.pdq.quality, "pdq": frame.pdq.hex} for frame in self.frames
            ],
        }
        values |= {"variants": [row_of(one) for one in self.variants], "windows": [code.hex() for code in self.windows]}
        values |= {kind: code.hex() for kind, code in self.licensed}
        names = [name for name in (*FIELDS, *OPTIONAL_FIELDS) if name in wanted] + [kind for kind, _ in self.licensed]
        return {"path": self.path, **{name: values[name] for name in names}, "error": self.error}


def hash_stream(
    stream: IO[bytes],
    *,
    name: str = "",
    only: Collection[str] = (),
    exact: bool = False,
    limits: Limits = PICTURE_LIMITS,
    licensed: Collection[LicensedHasher] = (),
    progress: Callable[[float, float], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> FileHashes:
    """Hash a seekable stream: every digest in one read, then the visual hashes if it is a picture or a video.

    `only`: names of the requested fields (FIELDS and OPTIONAL_FIELDS). Problems with the file are never raised; OSError
    of the stream itself is.
    """
    wanted = set(only) or set(FIELDS)
    stream, size = _near(stream)
    visual_fields = {*PICTURE_FIELDS, *DERIVED_FIELDS}
    digests = digest_stream(stream, wanted) if wanted - visual_fields - {"size"} else Digests(size)
    if not wanted & visual_fields and not licensed:
        return FileHashes(name, digests)
    if not size:
        return FileHashes(name, digests, error="the file is empty")
    from leeward.matching.hashing.pictures import hash_picture  # loads the decoders only where they are needed

    stream.seek(0)
    start = stream.read(START_BYTES)
    codes: tuple[tuple[str, bytes], ...] = ()
    try:
        stream.seek(0)
        picture = hash_picture(
            stream,
            exact=exact,
            variants="variants" in wanted,
            windows="windows" in wanted,
            limits=limits,
            clock=clock,
        )
        if picture is not None or not looks_like_video(start):
            codes, trouble = codes_of(licensed, stream)
        if picture is not None:
            note = picture.note or trouble
            return FileHashes(
                name,
                digests,
                picture.pdq,
                picture.pdq_nn512,
                picture.frames,
                note,
                codes,
                picture.variants,
                picture.windows,
            )
        if looks_like_video(start):
            stream.seek(0)
            video = hash_video(stream, limits=for_video(limits), progress=progress, clock=clock)
            return FileHashes(name, digests, frames=video.frames, error=video.note)
    except PictureBroken as error:
        return FileHashes(name, digests, error=error.why)
    return FileHashes(name, digests, error=_mismatch_with_name(name) or trouble, licensed=codes)


def _near(stream: IO[bytes]) -> tuple[IO[bytes], int]:
    """Return the stream and its size; a small one is read into memory, so that the disk is read once."""
    size = stream.seek(0, 2)
    stream.seek(0)
    return (BytesIO(stream.read()), size) if size <= _IN_MEMORY_BYTES else (stream, size)


def for_video(limits: Limits) -> Limits:
    """Return limits in which a video may take 60 times as long as a picture."""
    return Limits(limits.pixels, 60 * limits.seconds, limits.frames)


def _mismatch_with_name(name: str) -> str | None:
    suffix = PurePath(name).suffix.lower()
    if suffix in _PICTURE_NAMES:
        return f"it is named {suffix} but is no picture that can be read"
    return f"it is named {suffix} but is no video that can be read" if suffix in _VIDEO_NAMES else None
