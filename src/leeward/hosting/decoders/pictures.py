"""Decodes a picture: its perceptual hashes, and a small grey copy. Nothing is written anywhere, whatever the bytes
contain. Runs in a child (`foundation/sandbox`)."""

import io
import warnings
from typing import Any

import numpy
import pdqhash
from PIL import Image, ImageFile, ImageFilter, ImageOps, UnidentifiedImageError

from leeward.foundation.errors import BadInput
from leeward.matching.hashing.licensed import codes_of, loaded

# Formats that are decoded from memory alone; others (EPS starts a program that writes files) are not attempted.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000")
MOST_PIXELS = 40_000_000
MOST_PIXELS_OF_JPEG = 120_000_000  # a JPEG that is not progressive can be decoded at reduced size
PDQ_NN_SIDE = 512
PDQ_SIDE = 2048  # larger pictures are reduced first, which changes PDQ by a few bits at most
ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_JPEG


def prepare(licensed: str) -> None:
    """Load the named adapters before the child is closed off."""
    loaded(licensed)


def picture_hashes(body: bytes, licensed: str) -> dict[str, Any]:
    """Return a picture's perceptual hashes (PDQ with quality, codes of the named adapters), its size, and what is wrong
    with it."""
    picture, problem, size = opened(body)
    pdq, quality, nn512 = _pdq(picture) if picture is not None else ("", 0, "")
    codes = codes_of(_hashers(licensed), body)[0] if picture is not None else ()
    return {
        "width": size[0],
        "height": size[1],
        "pdq": pdq,
        "pdq_quality": quality,
        "pdq_nn512": nn512,
        "licensed": {kind: code.hex() for kind, code in codes},
        "problem": problem,
    }


def _hashers(names: str) -> Any:
    try:
        return loaded(names).values()
    except BadInput:  # the doctor reports an adapter that can't be loaded; every other hash works without it
        return ()


def opened(body: bytes) -> tuple[Image.Image | None, str, tuple[int, int]]:
    """Decode a picture; return the picture or None, what is wrong with it, and its size according to the file.

    A picture with too many pixels is refused by its header, before anything is decoded; a large one is reduced.
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
    except MemoryError:
        raise
    except Exception:  # decoders raise anything for hostile bytes
        return None, "broken", size


def _most_pixels(picture: Image.Image) -> int:
    is_light = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
    return MOST_PIXELS_OF_JPEG if is_light else MOST_PIXELS


def _pdq(picture: Image.Image) -> tuple[str, int, str]:
    """Return PDQ's 256 bits as 64 hex digits, its quality, 0 to 100, and the bits in the other convention, which first
    samples every n-th pixel of a large picture (Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ
    Image-Hashing Algorithm", 2019)."""
    try:
        pixels = numpy.asarray(picture.convert("RGB"), dtype=numpy.uint8)
        bits, quality = pdqhash.compute(pixels)
        nearest = pdqhash.compute(_nearest(pixels))[0] if max(pixels.shape[:2]) > PDQ_NN_SIDE else bits
    except MemoryError:
        raise
    except Exception:
        return "", 0, ""
    return _hex(bits), int(quality), _hex(nearest)


def _nearest(pixels: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    rows, columns = (numpy.arange(PDQ_NN_SIDE) * side // PDQ_NN_SIDE for side in pixels.shape[:2])
    return numpy.ascontiguousarray(pixels[rows][:, columns])


def _hex(bits: numpy.ndarray[Any, Any]) -> str:
    return numpy.packbits(bits.astype(numpy.uint8)).tobytes().hex()


def small(body: bytes, *, width: int, blurred: bool, part: float) -> bytes | None:
    """Return a picture as a grey PNG of at most `width` pixels each way, blurred so that shapes remain and details
    don't; None if it can't be decoded. `part` (0 to 1) shows that much of it from the top."""
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
