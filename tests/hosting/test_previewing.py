"""Previews on demand: fetched again, compared, small, grey, blurred; and nothing of it on a disk."""

import io
from collections.abc import Callable

import av
import numpy
import pytest
from PIL import Image

from leeward.demo.world import pages
from leeward.demo.world.pictures import claims_to_be_huge
from leeward.foundation.errors import NotFound
from leeward.hosting.decoders.strips import strip
from leeward.hosting.errors import PreviewImpossible
from leeward.hosting.fetching.strips import strip_of
from leeward.hosting.queries import file_of, files_of
from leeward.hosting.rules.strip import ON_A_PAGE
from leeward.hosting.services import fetch, preview
from tests.hosting.conftest import Outside

Place = Callable[[str], int]


@pytest.fixture
def shown(outside: Outside, place: Place) -> int:
    outside.site.put("/1.jpg", pages.still(1))
    outside.site.put("/a", pages.gallery("x", ["/1.jpg"]))
    row = fetch(place(outside.url("/a")))
    assert row is not None
    return files_of(row.id)[0].id


def test_a_preview_is_fetched_again_and_is_at_most_320_pixels_and_grey(outside: Outside, shown: int) -> None:
    outside.web.forget_requests()
    made = preview(shown, width=5000)
    picture = Image.open(io.BytesIO(made.png))
    assert (picture.format, picture.mode, max(picture.size)) == ("PNG", "L", 320)
    assert not made.changed
    assert [seen.path for seen in outside.web.requests()] == ["/1.jpg"]
    assert outside.web.requests()[0].headers["referer"] == outside.url("/a")
    assert preview(shown, blurred=False).png != made.png


def test_another_picture_in_its_place_is_said(outside: Outside, shown: int) -> None:
    outside.site.put("/1.jpg", pages.still(2))
    assert preview(shown).changed


@pytest.mark.parametrize(
    "page",
    [pages.gone(), pages.forbidden(), pages.hangs_up(), pages.plain("x"), pages.file(claims_to_be_huge(), "image/png")],
)
def test_what_can_not_be_shown_says_so_in_one_sentence(outside: Outside, shown: int, page: pages.Page) -> None:
    outside.site.replace("/1.jpg", page)
    with pytest.raises(PreviewImpossible) as caught:
        preview(shown)
    assert caught.value.text.count("\n") == 0


def test_a_file_that_is_not_ours_is_not_found(outside: Outside, place: Place, shown: int) -> None:
    with pytest.raises(NotFound):
        preview(shown + 999)
    assert file_of(shown + 999) is None
    assert file_of(shown) is not None


def film(seconds: int, *, form: str = "mp4", gop: int = 10_000, into: type[io.BytesIO] = io.BytesIO) -> bytes:
    """A film of two plain halves that change places every ten seconds, with one key frame only."""
    target = into()
    with av.open(target, "w", format=form) as made:
        track = made.add_stream("mpeg4", rate=2)
        track.width, track.height, track.pix_fmt, track.gop_size = 160, 120, "yuv420p", gop
        for number in range(seconds * 2):
            picture = numpy.full((120, 160, 3), 40, numpy.uint8)
            half = number // 20 % 2
            picture[:, half * 80 : half * 80 + 80] = 200
            made.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        made.mux(track.encode())
    return target.getvalue()


def bright_left(png: bytes, pictures: int) -> list[bool]:
    """Of each picture of a sheet, whether its left half is the bright one."""
    sheet = Image.open(io.BytesIO(png))
    assert (sheet.mode, sheet.width) == ("L", 320)
    return [sheet.getpixel((108 * (place % 3) + 20, 82 * (place // 3) + 30)) > 120 for place in range(pictures)]


def test_a_video_is_a_strip_of_a_picture_every_ten_seconds(outside: Outside, place: Place) -> None:
    outside.site.put("/1.mp4", pages.file(film(35), "video/mp4"))
    row = fetch(place(outside.url("/1.mp4")))
    assert row is not None
    file = files_of(row.id)[0]
    made = preview(file.id, blurred=False)
    assert (made.frames, made.pages, made.is_cut, made.changed) == (4, 1, False, False)
    assert bright_left(made.png, 4) == [True, False, True, False]
    assert preview(file.id, part=0.25).frames == 1
    assert preview(file.id, part=0.5).frames == 2


@pytest.mark.parametrize("form", ["mp4", "matroska", "avi"])
def test_a_broken_film_gives_what_can_be_had_or_nothing_and_never_raises(form: str) -> None:
    body = film(90, form=form)
    for at in (0, len(body) // 5, len(body) // 2, len(body) - 9):
        hurt = bytearray(body)
        hurt[at : at + 9] = b"\xff" * len(hurt[at : at + 9])
        for film_ in (bytes(hurt), body[:at]):
            made = strip_of(film_, width=320, blurred=True)
            assert made is None or 1 <= made.frames <= ON_A_PAGE


@pytest.mark.parametrize("gop", [10_000, 25])
def test_a_long_film_has_a_picture_every_ten_seconds_page_by_page(gop: int) -> None:
    """Ten minutes and ten seconds are 61 pictures, whether one can jump to places near them or to the first one only."""
    body = film(610, gop=gop)
    pages = [strip_of(body, width=320, blurred=False, page=page) for page in (1, 2, 3)]
    assert all(page and (page.pages, page.is_cut) == (3, False) for page in pages)
    assert [page.frames for page in pages if page] == [24, 24, 13]
    seen = [left for page in pages if page for left in bright_left(page.png, page.frames)]
    assert seen == [number % 2 == 0 for number in range(61)]
    quarter = strip_of(body, width=320, blurred=False, part=0.25, page=2)
    assert quarter is not None
    assert quarter.frames == 6
    assert strip_of(body, width=320, blurred=False, page=4) is None


def test_only_the_page_that_is_looked_at_is_decoded() -> None:
    """What is broken on the first page is no obstacle on the last, and a page ends in time however slow the machine is."""
    body = bytearray(film(610, gop=20))
    body[2000 : len(body) // 4] = b"\x55" * (len(body) // 4 - 2000)
    first, last = (strip_of(bytes(body), width=320, blurred=False, page=page) for page in (1, 3))
    assert first is not None
    assert last is not None
    assert bright_left(first.png, 24) != [number % 2 == 0 for number in range(24)]
    assert bright_left(last.png, 13) == [number % 2 == 0 for number in range(13)]
    ticks = iter(range(0, 10_000_000, 3))
    slow = strip(film(90), width=320, blurred=True, clock=lambda: float(next(ticks)))
    assert slow is None or (slow["is_cut"] and slow["frames"] < 9)


def test_how_long_a_film_is_is_seen_in_it_and_not_believed() -> None:
    """One that was recorded straight into a pipe doesn't say how long it is; one that was cut off says more than there is."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    made = strip_of(film(300, form="matroska", into=Pipe), width=320, blurred=True, page=2)
    assert made is not None
    assert (made.frames, made.pages, made.is_cut) == (6, 2, False)
    whole = film(600, form="matroska")
    cut = strip_of(whole[: len(whole) // 2], width=320, blurred=True, page=2)
    assert cut is not None
    assert (cut.pages, cut.is_cut) == (2, True)
