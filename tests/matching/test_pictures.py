"""Every format is read, every broken file is a finding, nothing takes for ever."""

import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from leeward.matching.hashing import Limits, PictureBroken, hash_picture
from tests.matching.pictures import picture, saved

STILL = [
    ("JPEG", {"quality": 92}),
    ("JPEG", {"quality": 92, "progressive": True}),
    ("PNG", {}),
    ("WEBP", {"quality": 92}),
    ("WEBP", {"lossless": True}),
    ("GIF", {}),
    ("AVIF", {"quality": 90}),
    ("HEIF", {"quality": 90}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("BMP", {}),
]


@pytest.mark.parametrize(("kind", "options"), STILL)
@pytest.mark.parametrize("size", [(300, 200), (900, 700)])
def test_the_same_picture_in_every_format_has_nearly_the_same_hash(kind, options, size):
    import pillow_heif

    pillow_heif.register_heif_opener()
    image = picture(*size)
    plain = hash_picture(saved(image, "PNG"))
    found = hash_picture(saved(image, kind, **options))
    assert (found.width, found.height) == size
    assert found.pdq.bits_from(plain.pdq) <= 16
    assert found.frames == ()
    assert found.note is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16", "I"])
def test_every_colour_mode_is_read(mode):
    image = picture()
    grey = hash_picture(saved(image, "PNG"))
    if mode.startswith("I"):
        deep = np.asarray(image.convert("L")).astype(np.uint16) * 257
        stream = saved(Image.fromarray(deep if mode == "I;16" else deep.astype(np.int32)), "TIFF")
    else:
        stream = saved(image.convert(mode), {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG"))
    found = hash_picture(stream)
    assert found.pdq.bits_from(grey.pdq) <= (90 if mode == "1" else 24)
    assert found.pdq.quality > 0


def test_exif_rotation_is_one_of_the_dihedral_hashes():
    image = picture()
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = hash_picture(saved(image.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95))
    upright = hash_picture(saved(image, "JPEG", quality=95))
    distances = [(int.from_bytes(code) ^ int.from_bytes(upright.pdq.code)).bit_count() for code in turned.pdq.dihedral]
    assert min(distances) <= 12
    assert distances[0] > 31


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_gives_its_frames_and_leaves_repeated_ones_out(kind):
    different = [picture(200, 150, seed) for seed in range(3)]
    images = [different[0], different[0], different[1], different[2]]
    stream = saved(images[0], kind, save_all=True, append_images=images[1:], duration=500, loop=0)
    found = hash_picture(stream)
    assert [frame.second for frame in found.frames] == [0.0, 1.0, 1.5]
    assert found.frames[0].pdq == found.pdq
    assert found.note is None


def test_pages_of_a_tiff_are_frames():
    pages = [picture(200, 150, seed) for seed in range(3)]
    found = hash_picture(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert [frame.second for frame in found.frames] == [0.0, 1.0, 2.0]


def test_ten_thousand_frames_end_at_the_limit():
    noise = np.random.default_rng(0).integers(0, 256, (40, 16, 16), dtype=np.uint8)
    images = [Image.fromarray(frame) for frame in noise] * 250
    stream = saved(images[0], "GIF", save_all=True, append_images=images[1:], duration=20)
    found = hash_picture(stream, limits=Limits(frames=30))
    assert len(found.frames) == 30
    assert "first 30" in found.note


@pytest.mark.parametrize(("kind", "options"), STILL)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_file_that_is_cut_off_is_a_finding_or_no_picture(kind, options, part):
    import pillow_heif

    pillow_heif.register_heif_opener()
    data = saved(picture(700, 600), kind, **options).getvalue()
    with suppress(PictureBroken):
        found = hash_picture(io.BytesIO(data[: int(len(data) * part)]))
        assert found is None or len(found.pdq.code) == 32


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_is_a_finding_never_another_exception(data):
    kind, options = data.draw(st.sampled_from([row for row in STILL if row[0] != "HEIF"]))
    content = bytearray(saved(picture(80, 60), kind, **options).getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        patch = data.draw(st.binary(min_size=1, max_size=8))
        content[place : place + len(patch)] = patch
    with suppress(PictureBroken):
        hash_picture(io.BytesIO(bytes(content)), limits=Limits(pixels=1_000_000))


@given(st.binary(max_size=300))
def test_any_bytes_are_no_picture_or_a_finding(data):
    with suppress(PictureBroken):
        hash_picture(io.BytesIO(data))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> io.BytesIO:
    """A small PNG that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


@pytest.mark.parametrize("size", [(60_000, 60_000), (15_000, 12_000), (2_000_000_000, 1)])
def test_a_huge_picture_is_refused_before_it_is_decoded(size):
    with pytest.raises(PictureBroken, match="pixels"):
        hash_picture(bomb(*size))


def test_a_decoder_that_takes_too_long_is_stopped():
    times = iter(range(1000))
    stream = saved(picture(1500, 1200), "PNG", compress_level=0)
    with pytest.raises(PictureBroken, match="longer than 20 seconds"):
        hash_picture(stream, limits=Limits(seconds=20), clock=lambda: float(next(times)))


def test_formats_that_run_other_programs_are_not_read():
    assert hash_picture(io.BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n")) is None
