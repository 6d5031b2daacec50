"""A picture or video in memory: its fingerprints and its size. Nothing is written anywhere, whatever is in the bytes."""

import hashlib
import io
import threading
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy
import pdqhash
from PIL import Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError

from leeward.matching.hashing.licensed import LicensedHasher, codes_of

# Formats that are decoded in this process from memory alone; others (EPS starts a program that writes files) are not tried.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000")
MOST_PIXELS = 40_000_000
MOST_PIXELS_OF_JPEG = 120_000_000  # a JPEG that is not progressive is unpacked at a fraction of its size
PDQ_NN_SIDE = 512
PDQ_SIDE = 2048  # larger pictures are made smaller first, which moves PDQ by a few bits at most
_VIDEO_STARTS = (b"\x1aE\xdf\xa3", b"OggS", b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"0&\xb2u")
_STILL_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_JPEG
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a file; `pdq_nn512` is PDQ in the other convention (`docs/why/two-pdqs.md`).
    `licensed`: codes of adapters for licensed hashes, hexadecimal by kind. `problem` is '' or one of: not_media, too_many_pixels, cut_off, broken."""

    media: str
    bytes: int
    md5: str
    sha1: str
    sha256: str
    width: int = 0
    height: int = 0
    pdq: str = ""
    pdq_quality: int = 0
    pdq_nn512: str = ""
    licensed: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def fingerprint(body: bytes, licensed: Iterable[LicensedHasher] = ()) -> Fingerprint:
    """Hash a file and, if it is a picture, its look (PDQ with quality, licensed codes). Never raises for what the bytes are."""
    base: dict[str, Any] = {
        "bytes": len(body),
        "md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "sha1": hashlib.sha1(body, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    if is_video(body):
        return Fingerprint(media="video", **base)
    with _one_at_a_time:
        picture, problem, size = opened(body)
        pdq, quality, nn512 = _pdq(picture) if picture is not None else ("", 0, "")
        codes = codes_of(licensed, body)[0] if picture is not None else ()
    media = "other" if problem == "not_media" else "image"
    return Fingerprint(
        media=media,
        width=size[0],
        height=size[1],
        pdq=pdq,
        pdq_quality=quality,
        pdq_nn512=nn512,
        licensed={kind: code.hex() for kind, code in codes},
        problem=problem,
        **base,
    )


def is_video(body: bytes) -> bool:
    """Whether the bytes begin like a video."""
    if body[4:8] == b"ftyp":
        return body[8:12] not in _STILL_BRANDS
    return body[:4] in _VIDEO_STARTS or (body[:4] == b"RIFF" and body[8:12] == b"AVI ")


def opened(body: bytes) -> tuple[Image.Image | None, str, tuple[int, int]]:
    """Decode a picture: the picture or None, what is wrong with it, and its size as the file says.

    A picture of too many pixels is refused by its header, before anything is unpacked; a large one comes out smaller.
    """
    size = (0, 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(body), formats=FORMATS)
            size = picture.size
            if size[0] * size[1] > _most_pixels(picture):
                return None, "too_many_pixels", size
            if max(size) > PDQ_SIDE:
                picture.draft("RGB", (PDQ_SIDE, PDQ_SIDE))
            picture.load()
            if max(picture.size) > PDQ_SIDE:
                picture.thumbnail((PDQ_SIDE, PDQ_SIDE), Image.Resampling.BOX)
        return picture, "", size
    except UnidentifiedImageError:
        return None, "broken" if body[4:8] == b"ftyp" else "not_media", size
    except Image.DecompressionBombError:
        return None, "too_many_pixels", size
    except OSError as error:
        return None, "cut_off" if "truncated" in str(error) else "broken", size
    except Exception:  # decoders raise whatever they like for hostile bytes
        return None, "broken", size


def _most_pixels(picture: Image.Image) -> int:
    is_light = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
    return MOST_PIXELS_OF_JPEG if is_light else MOST_PIXELS


def _pdq(picture: Image.Image) -> tuple[str, int, str]:
    """Return PDQ's 256 bits as 64 hex digits, its quality, 0 to 100, and the bits in the other convention, which takes every n-th
    pixel of a large picture first (Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019)."""
    try:
        pixels = numpy.asarray(picture.convert("RGB"), dtype=numpy.uint8)
        bits, quality = pdqhash.compute(pixels)
        nearest = pdqhash.compute(_nearest(pixels))[0] if max(pixels.shape[:2]) > PDQ_NN_SIDE else bits
    except Exception:
        return "", 0, ""
    return _hex(bits), int(quality), _hex(nearest)


def _nearest(pixels: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    rows, columns = (numpy.arange(PDQ_NN_SIDE) * side // PDQ_NN_SIDE for side in pixels.shape[:2])
    return numpy.ascontiguousarray(pixels[rows][:, columns])


def _hex(bits: numpy.ndarray[Any, Any]) -> str:
    return numpy.packbits(bits.astype(numpy.uint8)).tobytes().hex()


def distance_bits(one: str, other: str) -> int:
    """Return in how many of 256 bits two PDQ hashes (hex) differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def small(body: bytes, *, width: int, blurred: bool, part: float = 1.0) -> bytes | None:
    """Return a picture as a grey PNG of at most `width` pixels each way, blurred so that shapes stay and details don't; None if it
    can't be decoded. `part` (0 to 1) shows that much of it from the top."""
    with _one_at_a_time:
        picture, _, _ = opened(body)
    if picture is None:
        return None
    made = ImageOps.exif_transpose(picture).convert("L")
    made.thumbnail((width, width))
    if blurred:
        made = made.filter(ImageFilter.GaussianBlur(max(made.size) / 18))
    if part < 1.0:
        rows = max(1, int(made.height * max(part, 0.0)))
        shown = Image.new("L", made.size, 128)
        shown.paste(made.crop((0, 0, made.width, rows)), (0, 0))
        made = shown
    target = io.BytesIO()
    made.save(target, "PNG")
    return target.getvalue()
