"""What a page shows, links to and hides; and prints of words."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hosting.decoders.pages import parse_page
from leeward.hosting.rules.comparison import Content, Print, compare
from leeward.hosting.rules.pages import barrier_of_status
from leeward.hosting.rules.text_print import has_same_text, text_print

PAGE = "http://bad.example/a/page.html"


@pytest.mark.parametrize(
    ("html", "images"),
    [
        ('<img src="1.jpg">', ["http://bad.example/a/1.jpg"]),
        ('<img src="//other.example/1.jpg#x">', ["http://other.example/1.jpg"]),
        ('<base href="/b/"><img src="1.jpg">', ["http://bad.example/b/1.jpg"]),
        ('<img data-src="lazy.jpg">', ["http://bad.example/a/lazy.jpg"]),
        ('<img srcset="s.jpg 1x, l.jpg 2x">', ["http://bad.example/a/s.jpg", "http://bad.example/a/l.jpg"]),
        ('<picture><source srcset="p.webp"></picture>', ["http://bad.example/a/p.webp"]),
        (
            '<a href="full.JPG?x=1"><img src="thumb.jpg"></a>',
            ["http://bad.example/a/full.JPG?x=1", "http://bad.example/a/thumb.jpg"],
        ),
        ('<video poster="still.jpg" src="v.mp4">', ["http://bad.example/a/still.jpg"]),
        ("<div style=\"background:url('bg.png')\">", ["http://bad.example/a/bg.png"]),
        ('<meta property="og:image" content="/og.jpg">', ["http://bad.example/og.jpg"]),
        ('<img src="\\\\other.example\\x.jpg">', ["http://other.example/x.jpg"]),
        ('<img src="1.jpg"><img src="1.jpg">', ["http://bad.example/a/1.jpg"]),
        (
            '<img src="javascript:alert(1)"><img src="data:image/png;base64,AA"><img src="file:///x"><img src="http://[">',
            [],
        ),
    ],
)
def test_pictures_of_every_kind_are_found_whole_and_once(html: str, images: list[str]) -> None:
    assert list(parse_page(html.encode(), PAGE).images) == images


def test_videos_and_links() -> None:
    parts = parse_page(
        b'<video><source src="a.mp4"></video><a href="b.webm">v</a><a href="/c">c</a><iframe src="/d">', PAGE
    )
    assert parts.videos == ("http://bad.example/a/a.mp4", "http://bad.example/a/b.webm")
    assert parts.links == ("http://bad.example/c", "http://bad.example/d")


@pytest.mark.parametrize(
    ("content", "to"),
    [
        ("0; url=/next", "http://bad.example/next"),
        ("5;URL='http://other.example/'", "http://other.example/"),
        ("3", ""),
        ("0; url=javascript:x", ""),
    ],
)
def test_where_a_page_sends_its_reader(content: str, to: str) -> None:
    assert parse_page(f'<meta http-equiv="Refresh" content="{content}">'.encode(), PAGE).refresh == to


@pytest.mark.parametrize(
    ("html", "barrier"),
    [
        ('<form><input name="user"><input type="password"></form>', "log_in"),
        ('<form><input type="password" name="code"></form>', "password"),
        ('<div id="app"></div><script src="x.js"></script>', "script"),
        ("<script>1</script><noscript>Please enable JavaScript to go on.</noscript>" + "<p>word</p>" * 99, "script"),
        ("<p>Just a text.</p>", ""),
        ('<input type="password"><img src="1.jpg">', ""),
    ],
)
def test_what_bars_the_way_is_told(html: str, barrier: str) -> None:
    assert parse_page(html.encode(), PAGE).barrier == barrier


def test_a_refusal_that_speaks_of_countries_is_a_geo_block() -> None:
    assert barrier_of_status(403, b"<p>This content is not available in your country.</p>") == "geo_blocked"
    assert barrier_of_status(403, b"<p>No.</p>") == "forbidden"
    assert (barrier_of_status(401), barrier_of_status(451), barrier_of_status(429)) == (
        "password",
        "geo_blocked",
        "too_many_requests",
    )


def test_a_page_of_a_hundred_thousand_pictures_is_counted_and_cut() -> None:
    parts = parse_page(b"".join(b'<img src="/crowd/%d.jpg">' % number for number in range(100_000)), PAGE)
    assert parts.named == 100_000
    assert len(parts.images) == 5000


def test_words_in_other_letters_and_broken_charsets_are_read() -> None:
    urdu = "<p>یہ ایک صفحہ ہے</p>"
    assert parse_page(urdu.encode("utf-8"), PAGE, charset="utf-8").text_print
    for charset in ("nonsense", "utf-7", "utf-16", "\x00"):
        parse_page(urdu.encode("utf-8"), PAGE, charset=charset)


@given(st.binary(max_size=400) | st.text(alphabet='<>/="img srcahpt:\x00é-!?&;', max_size=200).map(str.encode))
def test_anything_can_come_in(body: bytes) -> None:
    parse_page(body, PAGE)
    parse_page(b"<html><body>" + body, PAGE, charset="latin-1")


def test_deep_and_wide_nonsense_is_survived() -> None:
    parse_page(b"<div>" * 100_000, PAGE)
    parse_page(b"<b><i>" * 50_000 + b'<img src="x.jpg">', PAGE)
    parse_page(b"<a href=" + b"x" * 1_000_000 + b">", PAGE)


# -- the same page? -------------------------------------------------------------------------------------------------------
PROSE = random.Random(7)
WORDS = [f"word{PROSE.randrange(400)}" for _ in range(300)]


def test_a_page_with_a_clock_on_it_has_the_same_words_and_another_page_has_not() -> None:
    later = [*WORDS[:100], "12:31:07", *WORDS[101:], "42", "visitors"]
    other = [f"thing{PROSE.randrange(400)}" for _ in range(300)]
    assert has_same_text(text_print(WORDS), text_print(later))
    assert not has_same_text(text_print(WORDS), text_print(other))
    assert not has_same_text(text_print(WORDS), text_print("This page was removed by the host".split()))
    assert text_print([]) == ""
    assert not has_same_text("", "")


ONE, TWO = "0" * 64, "f" * 64
LARGE = Print("a", ONE, 100, 480)


@pytest.mark.parametrize(
    ("before", "now", "verdict", "distance"),
    [
        (Content("p", files=(LARGE,)), Content("q", files=(LARGE,)), "same", 0),
        (Content("p", files=(LARGE,)), Content("q", files=(Print("b", "0" * 63 + "f", 100, 480),)), "same", 4),
        (Content("p", files=(LARGE,)), Content("q", files=(Print("b", TWO, 100, 480),)), "changed", 256),
        (Content("p", files=(LARGE,)), Content("q"), "changed", None),
        (Content("p", files=(LARGE,)), Content("p"), "changed", None),
        # a logo that stays does not keep a page alive
        (Content("p", files=(LARGE, Print("logo", TWO, 90, 32))), Content("q", files=(Print("logo", TWO, 90, 32),)), "changed", 256),
        (Content("p", files=(Print("logo", TWO, 90, 32),)), Content("q", files=(Print("logo", TWO, 90, 32),)), "same", 0),
        # a plain area looks like every other: its print says nothing
        (Content("p", files=(Print("a", ONE, 10, 480),)), Content("q", files=(Print("b", ONE, 10, 480),)), "changed", None),
        (Content("p", files=(Print("video"),)), Content("q", files=(Print("video"), LARGE)), "same", None),
        (Content("p"), Content("p"), "same", None),
        (Content("p"), Content("q"), "changed", None),
        (Content("p", text_print(WORDS)), Content("q", text_print([*WORDS, "more"])), "same", None),
        (Content("p", text_print(WORDS)), Content("q", text_print(["gone"])), "changed", None),
    ],
)  # fmt: skip
def test_what_counts_as_still_there(before: Content, now: Content, verdict: str, distance: int | None) -> None:
    assert compare(before, now) == (verdict, distance)
