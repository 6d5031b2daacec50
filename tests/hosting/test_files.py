"""Fingerprints of harmless pictures, and of bytes that were made to hurt."""

import io
import struct
import zlib

import numpy
import pdqhash
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from leeward.demo.world.pictures import claims_to_be_huge, cut_off, picture
from leeward.hosting.fetching.files import distance_bits, fingerprint, small


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def test_a_picture_has_four_fingerprints_and_its_size() -> None:
    body = picture(1)
    found = fingerprint(body)
    bits, quality = pdqhash.compute(numpy.asarray(Image.open(io.BytesIO(body)).convert("RGB")))
    assert (found.media, found.width, found.height, found.bytes, found.problem) == ("image", 480, 360, len(body), "")
    assert found.pdq == numpy.packbits(bits.astype(numpy.uint8)).tobytes().hex()
    assert found.pdq_quality == quality >= 50
    assert (len(found.md5), len(found.sha1), len(found.sha256)) == (32, 40, 64)


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "JPEG2000"])
def test_the_same_picture_in_another_format_looks_the_same(form: str) -> None:
    body = picture(1)
    other = fingerprint(encoded(Image.open(io.BytesIO(body)).convert("RGB"), form))
    assert other.media == "image"
    assert distance_bits(fingerprint(body).pdq, other.pdq) <= 31
    assert distance_bits(fingerprint(picture(2)).pdq, other.pdq) > 60


def test_a_large_photograph_is_hashed_at_a_fraction_of_its_size_and_keeps_its_look() -> None:
    large = Image.open(io.BytesIO(picture(1))).resize((6000, 4500))
    found = fingerprint(encoded(large, "JPEG", quality=85))
    assert (found.width, found.height, found.problem) == (6000, 4500, "")
    assert distance_bits(found.pdq, fingerprint(picture(1)).pdq) <= 16
    nearest = numpy.asarray(large)[numpy.arange(512) * 4500 // 512][:, numpy.arange(512) * 6000 // 512]
    bits, _ = pdqhash.compute(numpy.ascontiguousarray(nearest))
    assert distance_bits(found.pdq_nn512, numpy.packbits(bits.astype(numpy.uint8)).tobytes().hex()) <= 16


@pytest.mark.parametrize(
    ("body", "media", "problem"),
    [
        (claims_to_be_huge(), "image", "too_many_pixels"),
        (claims_to_be_huge(7000, 6000), "image", "too_many_pixels"),
        (cut_off(picture(1)), "image", "cut_off"),
        (cut_off(picture(1, form="PNG")), "image", "cut_off"),
        (picture(1)[:600] + bytes(400), "image", "broken"),
        (b"<html>a page</html>", "other", "not_media"),
        (b"", "other", "not_media"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "other", "not_media"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(40), "video", ""),
        (b"\x1aE\xdf\xa3" + bytes(40), "video", ""),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video", ""),
        (b"\x00\x00\x00\x20ftypheic" + bytes(40), "image", "broken"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(body: bytes, media: str, problem: str) -> None:
    found = fingerprint(body)
    assert (found.media, found.problem, found.pdq) == (media, problem, "")
    assert len(found.sha256) == 64


def test_a_gif_whose_frame_is_larger_than_its_screen_is_refused() -> None:
    body = bytearray(encoded(Image.new("P", (10, 10)), "GIF"))
    start = body.index(b"\x2c", 13)
    body[start + 5 : start + 9] = struct.pack("<HH", 65_535, 65_535)
    assert fingerprint(bytes(body)).problem in ("too_many_pixels", "broken", "cut_off")


def test_a_png_that_hides_a_flood_in_its_chunks_is_survived() -> None:
    flood = zlib.compress(bytes(50_000_000))
    chunk = b"zTXt" + b"Comment\x00\x00" + flood
    head = encoded(Image.new("L", (9, 9)), "PNG")
    body = head[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + head[33:]
    assert fingerprint(body).media == "image"


@given(st.binary(max_size=200), st.integers(0, 3000), st.integers(0, 255))
def test_no_bytes_raise(tail: bytes, place: int, value: int) -> None:
    fingerprint(tail)
    body = bytearray(picture(3, width=64))
    body[place % len(body)] = value
    fingerprint(bytes(body) + tail)
    small(bytes(body), width=320, blurred=True)


def test_a_preview_is_small_grey_and_too_blurred_for_details() -> None:
    body = encoded(Image.open(io.BytesIO(picture(1))).resize((2000, 1500)), "PNG")
    clear, blurred = (small(body, width=320, blurred=yes) for yes in (False, True))
    assert clear is not None
    assert blurred is not None
    for made in (clear, blurred):
        shown = Image.open(io.BytesIO(made))
        assert shown.mode == "L"
        assert max(shown.size) <= 320
    sharp, soft = (numpy.asarray(Image.open(io.BytesIO(made)), dtype=float) for made in (clear, blurred))
    assert numpy.abs(numpy.diff(soft)).mean() < 0.35 * numpy.abs(numpy.diff(sharp)).mean()


def test_part_of_a_preview_shows_only_its_top() -> None:
    made = small(picture(1), width=320, blurred=False, part=0.25)
    assert made is not None
    shown = numpy.asarray(Image.open(io.BytesIO(made)))
    assert (shown[shown.shape[0] // 4 + 1 :] == 128).all()
    assert small(b"nothing", width=320, blurred=True) is None
