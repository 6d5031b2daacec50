"""Previews on demand: fetched again, compared, small, grey, blurred; and nothing of it on a disk."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from leeward.demo.world import pages
from leeward.demo.world.pictures import claims_to_be_huge
from leeward.ground.errors import NotFound
from leeward.hosting.errors import PreviewImpossible
from leeward.hosting.queries import file_of, files_of
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
