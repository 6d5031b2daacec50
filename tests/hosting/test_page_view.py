"""A page without its pictures: its words in order, a box for each picture; nothing but the page is asked for."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.demo.world import pages
from leeward.hosting.decoders.page_view import read_view
from leeward.hosting.errors import PageViewImpossible
from leeward.hosting.rules.page_view import KINDS, MOST_BLOCKS, MOST_LETTERS, MOST_OF_PAGE
from leeward.hosting.services import view_page
from tests.hosting.conftest import Outside

Place = Callable[[str], int]
PAGE = """<html lang="fr"><head><title> Un  port </title><style>p {}</style></head><body onload="x()">
<h2>Le <em>port</em></h2><p>Two <a href="/x">boats</a><br>come</p><script>document.write("no")</script>
<ul><li>one<ul><li>two</li></ul></li></ul>
<img src="/1.jpg" alt="A boat" width="640" height="480"><div style="background: url(/2.jpg)">Behind</div>
<table><tr><td>a</td><td>b</td></tr></table><p style="display: none">Not shown</p><video src="/3.mp4"></video>
<input type="hidden" value="h"><input placeholder="Name"><button>Send</button></body></html>"""


def test_a_page_is_its_words_in_order_with_a_box_for_each_picture(outside: Outside, place: Place) -> None:
    outside.site.put("/a", pages.file(PAGE.encode(), "text/html; charset=utf-8"))
    there = place(outside.url("/a"))
    outside.web.forget_requests()
    shown = view_page(there)
    assert [seen.path for seen in outside.web.requests()] == ["/a"], "neither pictures nor videos"
    assert (shown.title, shown.language, shown.is_cut, shown.pictures) == ("Un port", "fr", False, 3)
    assert [(one.kind, one.text, one.level, one.is_hidden) for one in shown.blocks] == [
        ("heading", "Le port", 2, False),
        ("text", "Two boats", 0, False),
        ("text", "come", 0, False),
        ("item", "one", 1, False),
        ("item", "two", 2, False),
        ("picture", "A boat (640 × 480)", 0, False),
        ("picture", "", 0, False),
        ("text", "Behind", 0, False),
        ("row", "a · b", 0, False),
        ("text", "Not shown", 0, True),
        ("video", "", 0, False),
        ("field", "Name", 0, False),
        ("field", "Send", 0, False),
    ]


@pytest.mark.parametrize(
    "page",
    [pages.gone(), pages.forbidden(), pages.hangs_up(), pages.still(1), pages.file(b"<script>a</script>", "text/html")],
)
def test_a_page_that_can_not_be_read_says_why_in_one_sentence(outside: Outside, place: Place, page: pages.Page) -> None:
    outside.site.put("/a", page)
    with pytest.raises(PageViewImpossible) as caught:
        view_page(place(outside.url("/a")))
    assert caught.value.text.count("\n") == 0


@pytest.mark.parametrize("page", [b"<p>a" * 9000, b"<p>" + b"a" * 9000, b"<p>" + b"a " * 900_000, b"<li>" * 90_000])
def test_a_page_without_end_is_cut(page: bytes) -> None:
    made = read_view(page, "")
    assert len(made["blocks"]) <= MOST_BLOCKS
    assert max((len(text) for _kind, text, _level, _hidden in made["blocks"]), default=0) <= MOST_LETTERS
    assert sum(len(text) for _kind, text, _level, _hidden in made["blocks"]) <= MOST_OF_PAGE + MOST_LETTERS
    assert made["is_cut"] is (b"a" in page)


@given(
    st.binary(max_size=400) | st.text("<>/= \"'abpdivliulimgstyle:;!-&#", max_size=400).map(str.encode),
    st.sampled_from(["", "utf-8", "x", "utf-16"]),
)
def test_anything_at_all_can_come_in(page: bytes, charset: str) -> None:
    made = read_view(page, charset)
    assert all(kind in KINDS and 0 <= level <= 6 for kind, _text, level, _hidden in made["blocks"])
