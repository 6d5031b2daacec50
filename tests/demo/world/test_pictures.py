import io
import itertools

import numpy as np
import pdqhash
import pytest
from PIL import Image

from leeward.demo.world.pictures import claims_to_be_huge, cut_off, picture


def pixels(body: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(body)).convert("RGB"))


@pytest.mark.parametrize("motif", ["landscape", "pattern"])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_every_picture_has_enough_texture_for_a_perceptual_hash(motif, form):
    hashes = []
    for seed in range(8):
        image = pixels(picture(seed, motif=motif, form=form))
        found, quality = pdqhash.compute(image)
        assert quality >= 50
        hashes.append(found)
    distances = [int((one != other).sum()) for one, other in itertools.combinations(hashes, 2)]
    assert min(distances) > 62, "two different pictures must not pass for the same one"


def test_the_same_seed_gives_the_same_bytes_in_another_process():
    body = picture(7, form="PNG")
    picture.cache_clear()
    assert picture(7, form="PNG") == body
    assert picture(8, form="PNG") != body


def test_the_forms_are_what_they_say():
    assert Image.open(io.BytesIO(picture(1))).format == "JPEG"
    assert Image.open(io.BytesIO(picture(1, form="PNG"))).format == "PNG"
    assert Image.open(io.BytesIO(picture(1, width=100))).size == (100, 75)


def test_a_broken_picture_opens_and_then_fails(monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", False)  # importing WeasyPrint sets it
    image = Image.open(io.BytesIO(cut_off(picture(1))))
    with pytest.raises(OSError, match="truncated"):
        image.load()


def test_a_huge_picture_is_small_and_claims_to_be_huge():
    body = claims_to_be_huge()
    assert len(body) < 1000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(body))
    assert Image.open(io.BytesIO(claims_to_be_huge(300, 200))).size == (300, 200)
