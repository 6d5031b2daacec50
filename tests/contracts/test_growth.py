"""Every reader of text from outside takes time in proportion to its length (`tests/contracts/growth`)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from leeward.hosting.decoders.pages import parse_page
from leeward.hosting.rules.address import recognise
from leeward.hosting.rules.pages import barrier_of_status
from leeward.intake.rules import typed
from leeward.intake.rules.where import read_pieces, without
from leeward.matching.hashing.jpeg_scans import without_unneeded_scans
from tests.contracts.growth import MOST, MOST_RATIO, Shape, ratio
from tests.contracts.growth.shapes import TEXT, hostile, in_bytes, repeated


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader, the shapes that it is fed, and the longest that it ever gets."""

    name: str
    read: Callable[[Any], object]
    shapes: dict[str, Shape] = field(default_factory=dict)
    most: int = MOST


def page(before: str, part: str, after: str = "") -> dict[str, Shape]:
    return {f"{before}{part}*{after}"[:60]: in_bytes(repeated(part, before=before, after=after))}


PAGES = (
    page('<p style="url(', " ")
    | page('<p style="', "url(")
    | page('<p style="', "url('")
    | page('<p style="', "url(a)")
    | page('<meta http-equiv=refresh content="', " ", ';url="')
    | page('<meta http-equiv=refresh content="0;', "url=")
    | page("", "<script></script>a")
    | page("", "<noscript>a")
    | page("", "<noscript>a</noscript>")
    | page("", "<template><style>a")
    | page("<base href='http://a.example/", "a", "'>" + "<a href=b>" * 5000)
    | page("", "<a href=#a>")
    | page("", "<img srcset='a,b c,d'>")
    | page("", "<input type=password>")
    | page("", "a ")
    | page("", "<p>a")
    | page("", "<div>")
    | page("", "</p>")
    | page("", "&amp")
    | page("", "<!--")
    | page("", "<![CDATA[")
    | page("<p ", "'")
    | page("<title>", "<")
)
SCANS = {
    "fill bytes": lambda size: JPEG_HEAD + b"\xff" * size,
    "stuffed bytes": lambda size: JPEG_HEAD + b"\xff\x00" * (size // 2),
    "restart markers": lambda size: JPEG_HEAD + b"\xff\xd0" * (size // 2),
    "fill, then stuffing": lambda size: JPEG_HEAD + (b"\xff" * 50 + b"\x00") * (size // 51),
    "scans": lambda size: JPEG_HEAD + SCAN * (size // len(SCAN)),
    "segments": lambda size: b"\xff\xd8" + b"\xff\xe1\x00\x02" * (size // 4),
}
FRAME = b"\xff\xc2\x00\x11\x08\x00\x10\x00\x10\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00"
JPEG_HEAD = b"\xff\xd8" + FRAME + SCAN

WHERE = typed.MOST_WHERE_CHARACTERS
LINKS = hostile("ed2k://|file|") | hostile("magnet:?xt=") | hostile("news:") | hostile("@a")

READERS = [
    Reader("a typed line", typed.clean_line, TEXT),
    Reader("typed words", typed.clean, TEXT),
    Reader("a typed e-mail address", typed.mail_problem, TEXT | hostile("@a.", "b")),
    Reader("pieces of where", lambda text: read_pieces(text, {}), TEXT | hostile("http://a.example/", "x"), WHERE),
    Reader("a piece taken away", lambda text: without(text, text[: len(text) // 2]), TEXT, WHERE),
    Reader("links of programmes", recognise, LINKS, WHERE),
    Reader("a page", lambda body: parse_page(body, "http://a.example/"), PAGES),
    Reader("a refused page", lambda body: barrier_of_status(403, body), page("blocked", "a") | page("", "blocked")),
    Reader("the scans of a JPEG", lambda data: without_unneeded_scans(data, 4), SCANS, 60 * MOST),
]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_reading_takes_time_in_proportion_to_length(reader: Reader) -> None:
    slow = {
        name: found
        for name, shape in reader.shapes.items()
        if (found := ratio(reader.read, shape, most=reader.most)) > MOST_RATIO
    }
    assert not slow
