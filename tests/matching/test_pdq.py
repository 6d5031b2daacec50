"""PDQ agrees with the programs that the world uses, in both conventions, at every size, turned and mirrored."""

import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from leeward.matching import engine
from leeward.matching.hashing import Convention, Pdq, hash_picture, pdq
from leeward.matching.hashing import pdq as pdq_function
from leeward.matching.hashing.folding import fold
from leeward.matching.hashing.pdq import folded
from tests.matching.pictures import picture, saved
from tests.matching.reference import needs_reference, path_of, pdq_rows

ROWS = pdq_rows()
SIZES = [(64, 64), (100, 37), (129, 300), (512, 512), (513, 700), (1004, 1600), (33, 2000), (1, 1), (5, 3)]


def theirs(pixels):
    """The hash by pdqhash (Meta's C++ at full resolution), its quality, its 8 dihedral hashes."""
    codes, quality = pdqhash.compute_dihedral(np.ascontiguousarray(pixels))
    return [Pdq(np.packbits(code.astype(np.uint8)).tobytes(), quality, ()) for code in codes]


def bits(code, hexadecimal):
    return (int.from_bytes(code.code) ^ int(hexadecimal, 16)).bit_count()


@pytest.mark.parametrize("size", SIZES)
def test_full_resolution_agrees_with_pdqhash_turned_and_mirrored_too(size):
    pixels = np.asarray(picture(*size, seed=sum(size)))
    ours, reference = pdq(pixels), theirs(pixels)
    assert ours.quality == reference[0].quality
    allowed = 0 if max(size) <= 512 else 2
    assert ours.bits_from(reference[0]) <= allowed
    if ours.is_usable:
        for code, expected in zip(ours.dihedral, reference, strict=True):
            assert Pdq(code, 100, ()).bits_from(expected) <= 2


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 1000), st.sampled_from(list(Convention)))
def test_kernels_agree_with_plain_numpy(width, height, seed, convention):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    fast = folded(pixels, convention=convention), folded(pixels[..., 0], convention=convention)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdq_function_module(), "compiled", lambda name: None)
        plain = folded(pixels, convention=convention), folded(pixels[..., 0], convention=convention)
    for one, other in zip(fast, plain, strict=True):
        assert np.allclose(one, other, atol=0.01)


def pdq_function_module():
    import sys

    return sys.modules[pdq_function.__module__]


@given(st.integers(1, 3000), st.integers(1, 3000), st.sampled_from(list(Convention)))
@settings(max_examples=60, deadline=None)
def test_the_weights_of_every_sample_add_up_to_one(decoded, original, convention):
    weights = fold(min(decoded, original), original, convention)
    assert np.allclose(weights.dense().sum(axis=1), 1, atol=1e-4)
    by_pixel = np.zeros((64, weights.size), np.float32)
    for pixel in range(weights.size):
        for place in range(weights.start[pixel], weights.start[pixel + 1]):
            by_pixel[weights.samples[place], pixel] += weights.shares[place]
    assert np.allclose(by_pixel, weights.dense(), atol=1e-6)


@needs_reference
@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
@pytest.mark.parametrize("exact", [False, True])
def test_reference_pictures(row, exact):
    with path_of(f"pdq/{row['file']}").open("rb") as stream:
        ours = hash_picture(stream, exact=exact)
    small = max(int(row["width"]), int(row["height"])) <= 512
    most = (0, 0) if small else (2, 2) if exact else (6, 10)
    assert bits(ours.pdq, row["full_resolution_pdq"]) <= most[0]
    if row["nn512_pdq"]:
        assert bits(ours.pdq_nn512, row["nn512_pdq"]) <= most[1]
    if small or exact:
        assert ours.pdq.quality == int(row["full_resolution_quality"])


@pytest.mark.parametrize("size", [(1024, 768), (2050, 1111), (4000, 3000)])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_decoded_at_a_reduced_size_keeps_its_hash(size, progressive):
    stream = saved(picture(*size), "JPEG", quality=90, progressive=progressive)
    reduced = hash_picture(stream)
    stream.seek(0)
    exact = hash_picture(stream, exact=True)
    assert reduced.pdq.bits_from(exact.pdq) <= 6
    assert reduced.pdq_nn512.bits_from(exact.pdq_nn512) <= 10


def test_the_two_conventions_are_one_up_to_512_and_two_above():
    small = hash_picture(saved(picture(512, 300), "PNG"))
    assert small.pdq == small.pdq_nn512
    noise = np.random.default_rng(0).integers(0, 256, (900, 900, 3), dtype=np.uint8)
    large = hash_picture(saved(Image.fromarray(noise), "PNG"))
    assert large.pdq != large.pdq_nn512


def test_turning_the_picture_gives_the_dihedral_hashes():
    image = picture(400, 400)
    ours = pdq(np.asarray(image))
    turns = [None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270]
    mirrors = [Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.TRANSPOSE]
    for turn in [*turns, *mirrors, Image.Transpose.TRANSVERSE]:
        turned = pdq(np.asarray(image if turn is None else image.transpose(turn)))
        nearest = min(Pdq(code, 100, ()).bits_from(turned) for code in ours.dihedral)
        assert nearest <= 16, turn


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_picture_of_one_tone_is_unusable(value):
    flat = pdq(np.full((300, 300, 3), value, np.uint8))
    assert flat.quality == 0
    assert not flat.is_usable


def test_a_picture_with_little_in_it_is_unusable():
    ramp = np.broadcast_to(np.linspace(100, 110, 300).astype(np.uint8), (300, 300))
    assert pdq(np.ascontiguousarray(ramp)).quality < 50
    assert not pdq(np.ascontiguousarray(ramp)).is_usable
    assert pdq(np.asarray(picture())).is_usable


def test_a_hash_with_few_bits_is_degenerate_whatever_its_quality():
    assert Pdq(bytes(32), 100, ()).is_degenerate
    assert not Pdq(bytes(32), 100, ()).is_usable
    assert not Pdq(b"\x55" * 32, 100, ()).is_degenerate


def test_numba_is_what_runs_here():
    assert engine.compiled("leeward.matching.hashing.kernels") is not None
