"""Previews on demand: fetched again, compared, small, grey, blurred; and nothing of it on a disk."""

import io
from collections.abc import Callable

import av
import numpy
import pytest
from PIL import Image

from leeward.demo.world import pages
from leeward.demo.world.pictures import claims_to_be_huge
from leeward.ground.errors import NotFound
from leeward.hosting.errors import PreviewImpossible
from leeward.hosting.queries import file_of, files_of
from leeward.hosting.services import fetch, preview
from leeward.hosting.strips import MOST_FRAMES, strip_of
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


def film(seconds: int, *, form: str = "mp4") -> bytes:
    """A film of two plain halves that change places every ten seconds, with one key frame only."""
    target = io.BytesIO()
    with av.open(target, "w", format=form) as made:
        track = made.add_stream("mpeg4", rate=2)
        track.width, track.height, track.pix_fmt, track.gop_size = 160, 120, "yuv420p", 10_000
        for number in range(seconds * 2):
            picture = numpy.full((120, 160, 3), 40, numpy.uint8)
            half = number // 20 % 2
            picture[:, half * 80 : half * 80 + 80] = 200
            made.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        made.mux(track.encode())
    return target.getvalue()


def test_a_video_is_a_strip_of_a_picture_every_ten_seconds(outside: Outside, place: Place) -> None:
    outside.site.put("/1.mp4", pages.file(film(35), "video/mp4"))
    row = fetch(place(outside.url("/1.mp4")))
    assert row is not None
    file = files_of(row.id)[0]
    made = preview(file.id, blurred=False)
    assert (made.frames, made.every_seconds, made.is_cut, made.changed) == (4, 10.0, False, False)
    sheet = Image.open(io.BytesIO(made.png))
    assert (sheet.mode, sheet.width) == ("L", 320)
    left = [sheet.getpixel((108 * (place % 3) + 20, 82 * (place // 3) + 30)) for place in range(4)]
    assert [bright > 120 for bright in left] == [True, False, True, False]  # type: ignore[operator]
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
            assert made is None or 1 <= made.frames <= MOST_FRAMES


def test_a_strip_ends_in_time_and_stays_small() -> None:
    long = strip_of(film(900), width=320, blurred=True)
    assert long is not None
    assert (long.frames, long.every_seconds) == (23, 40.0)
    ticks = iter(range(0, 10_000, 3))
    slow = strip_of(film(90), width=320, blurred=True, clock=lambda: float(next(ticks)))
    assert slow is not None
    assert slow.is_cut
    assert slow.frames < 9
