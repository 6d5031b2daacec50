"""Leaving scans out of progressive JPEGs: same luma where it must be, never a change for what is not understood."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from leeward.matching.hashing.jpeg_scans import without_unneeded_scans
from tests.matching.pictures import picture, saved


def luma(data, scale):
    image = Image.open(io.BytesIO(data))
    image.draft("L", (image.width // scale, image.height // scale))
    return np.asarray(image)


@pytest.fixture(scope="module")
def progressive():
    noisy = np.asarray(picture(1200, 1000)).astype(int) + np.random.default_rng(0).integers(-9, 9, (1000, 1200, 3))
    return saved(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)), "JPEG", progressive=True).getvalue()


def test_luma_is_the_same_without_the_scans_of_colour(progressive):
    lean = without_unneeded_scans(progressive, 1)
    assert len(lean) < len(progressive)
    for scale in (1, 2):
        assert (luma(lean, scale) == luma(progressive, scale)).all()


def test_an_eighth_needs_the_means_only(progressive):
    lean = without_unneeded_scans(progressive, 8)
    assert len(lean) < len(progressive) / 3
    difference = np.abs(luma(lean, 8).astype(int) - luma(progressive, 8).astype(int))
    assert difference.mean() < 2


def test_a_quarter_hardly_changes_without_fine_detail(progressive):
    lean = without_unneeded_scans(progressive, 4)
    difference = np.abs(luma(lean, 4).astype(int) - luma(progressive, 4).astype(int))
    assert difference.mean() < 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        saved(picture(100, 80), "JPEG").getvalue(),
        saved(picture(100, 80).convert("L"), "JPEG", progressive=True).getvalue(),
        saved(picture(100, 80).convert("CMYK"), "JPEG", progressive=True).getvalue(),
        saved(picture(100, 80), "JPEG", progressive=True, keep_rgb=True).getvalue(),
        saved(picture(100, 80), "PNG").getvalue(),
    ],
)
def test_other_files_are_left_as_they_are(data):
    assert without_unneeded_scans(data, 4) is None


def test_a_file_that_is_cut_off_is_left_as_it_is(progressive):
    for part in range(1, 20):
        assert without_unneeded_scans(progressive[: len(progressive) * part // 20], 4) is None


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_ends(data):
    content = bytearray(saved(picture(60, 60), "JPEG", progressive=True).getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + 2] = data.draw(st.binary(min_size=0, max_size=4))
    lean = without_unneeded_scans(bytes(content), data.draw(st.sampled_from([1, 2, 4, 8])))
    assert lean is None or len(lean) <= len(content)
