"""The script that a person's own device runs: its fingerprints are those of `leeward.matching`, or there are none."""

import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page

import leeward.intake
from leeward.matching.hashing import hash_stream
from tests.matching.pictures import picture, saved
from tests.matching.reference import needs_reference, path_of, pdq_rows

pytestmark = pytest.mark.browser
SCRIPT = Path(leeward.intake.__file__).parent / "scripts" / "fingerprints.js"
NOISE = """
const read = CanvasRenderingContext2D.prototype.getImageData;
CanvasRenderingContext2D.prototype.getImageData = function (...where) {
  const image = read.apply(this, where);
  for (let i = 0; i < image.data.length; i += 4000) image.data[i] ^= 1;
  return image;
};
"""
type Found = dict[str, Any]
type Hash = Callable[[bytes], Found]


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page with the script and a place to choose a file."""
    page = chromium.new_page()
    _prepare(page)
    yield page
    page.close()


def _prepare(page: Page) -> None:
    page.set_content("<input type=file id=file>")
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))


def _found(page: Page, data: bytes) -> Found:
    page.set_input_files("#file", FilePayload(name="chosen", mimeType="application/octet-stream", buffer=data))
    found: Found = page.evaluate("OwnPicture.ofFile(document.getElementById('file').files[0])")
    assert (found["sha256"], found["md5"]) == (hashlib.sha256(data).hexdigest(), hashlib.md5(data).hexdigest())
    return found


def _bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def is_ours(found: Found, data: bytes, *, within: int) -> None:
    """Both conventions, the quality and all eight turns are those of the exact hash."""
    ours = hash_stream(io.BytesIO(data), exact=True)
    wanted = {"pdq": ours.pdq, "pdq_nn512": ours.pdq_nn512}
    assert found["looks"], found["why"]
    for look in found["looks"]:
        own = wanted[look["kind"]]
        assert own is not None
        assert _bits(look["code"], own.hex) <= within, look["kind"]
        assert abs(look["quality"] - own.quality) <= 1
        assert max(_bits(turn, code.hex()) for turn, code in zip(look["turns"], own.dihedral, strict=True)) <= within


def _turned(image: Image.Image) -> bytes:
    """A JPEG that says that it is to be turned, and in other colours than the usual ones."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    return saved(image, "JPEG", quality=90, exif=exif, comment=b"a comment").getvalue()


def small_files() -> list[bytes]:
    """Small pictures in each format that is promised, one turned by EXIF."""
    small = picture(300, 412, seed=3)
    return [
        saved(small, "PNG").getvalue(),
        saved(small, "JPEG", quality=80).getvalue(),
        saved(small.convert("L"), "JPEG").getvalue(),
        saved(small.quantize(64), "PNG").getvalue(),
        saved(small.quantize(64), "GIF").getvalue(),
        saved(small, "WEBP", lossless=True).getvalue(),
        _turned(small),
    ]


def large_files() -> list[bytes]:
    """A progressive picture and one that is turned, of which there are two hashes each."""
    large = picture(1210, 801, seed=4)
    return [saved(large, "JPEG", quality=85, progressive=True).getvalue(), _turned(large)]


def test_the_hash_of_a_picture_is_ours(page: Page) -> None:
    """Bit for bit: small and large, turned by EXIF, progressive, grey, in a palette, in each format that is promised."""
    for data in small_files():
        is_ours(_found(page, data), data, within=0)
    for data in large_files():
        found = _found(page, data)
        assert [look["kind"] for look in found["looks"]] == ["pdq", "pdq_nn512"]
        is_ours(found, data, within=4)


@needs_reference
def test_the_hashes_of_the_reference_are_found(page: Page) -> None:
    for row in pdq_rows():
        if not row["file"].endswith("LA.png"):
            found = _found(page, path_of(f"pdq/{row['file']}").read_bytes())
            for look in found["looks"]:
                wanted = row["nn512_pdq" if look["kind"] == "pdq_nn512" else "full_resolution_pdq"]
                assert not wanted or _bits(look["code"], wanted) <= 4, row["file"]
            assert found["looks"] or int(row["full_resolution_quality"]) < 50


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (saved(picture(200, 150).convert("RGBA").point(lambda value: value // 2), "PNG").getvalue(), "see-through"),
        (saved(Image.fromarray(np.full((90, 90, 3), 120, np.uint8)), "PNG").getvalue(), "plain"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(200), "format"),
        (saved(picture(200, 150), "JPEG").getvalue()[:300], "broken"),
        (b"", "format"),
    ],
)
def test_where_no_look_can_be_trusted_only_the_digests_are_there(page: Page, data: bytes, why: str) -> None:
    found = _found(page, data)
    assert (found["looks"], found["why"]) == ([], why)


def test_long_files_have_the_same_digests_in_pieces(page: Page) -> None:
    """Our own SHA-256 and MD5, at every length around a block and over several pieces."""
    script = """(size) => {
      const bytes = Uint8Array.from({length: size}, (_, i) => i * 7 & 255), own = [];
      for (const make of [OwnPicture.newSha256, OwnPicture.newMd5]) {
        const digest = make();
        for (let at = 0; at < size; at += 37) digest.add(bytes.subarray(at, at + 37));
        own.push(digest.done());
      }
      return own;
    }"""
    for size in (0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000):
        data = bytes(number * 7 & 255 for number in range(size))
        assert page.evaluate(script, size) == [hashlib.sha256(data).hexdigest(), hashlib.md5(data).hexdigest()]


def test_a_browser_that_disturbs_what_is_read_makes_no_look(chromium: Browser) -> None:
    page = chromium.new_page()
    page.add_init_script(NOISE)
    page.goto("data:text/html,<p>")
    _prepare(page)
    found = _found(page, saved(picture(300, 200), "JPEG").getvalue())
    assert (found["looks"], found["why"]) == ([], "canvas")
    page.close()


@needs_reference
def test_a_video_has_a_look_for_each_second(page: Page) -> None:
    data = path_of("vpdq/doorknob-hd-no-bar.mp4").read_bytes()
    found = _found(page, data)
    ours = [frame for frame in hash_stream(io.BytesIO(data), name="v.mp4").frames if frame.pdq.is_usable]
    assert found["media"] == "video"
    if found["why"] == "broken":
        pytest.skip("this Chromium plays no H.264")
    for frame in ours:
        assert any(_bits(look["code"], frame.pdq.hex) <= 8 for look in found["looks"])
