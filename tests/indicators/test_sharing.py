"""Others follow the editions by a feed, and show charts on their own pages: both tell what was published and nothing else."""

import re
from html import unescape

import pytest
from django.test import Client
from lxml import etree

from tests.indicators.test_publishing import YEAR, counted, move_cases, publish
from tests.personas import Cast

__all__ = ["counted"]
pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def parsed(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def test_the_feed_has_every_edition_and_what_was_corrected(counted: Cast) -> None:
    guest = Client()
    assert not parsed(guest.get("/jm/figures/feed.atom").content).findall("a:entry", ATOM)
    publish(counted)
    move_cases(counted)
    publish(counted, "Cases <moved> to the Netherlands.")
    answer = guest.get("/jm/figures/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = parsed(answer.content)
    entries = feed.findall("a:entry", ATOM)
    assert [one.findtext("a:summary", namespaces=ATOM) for one in entries] == [
        "Cases <moved> to the Netherlands.",
        "First published.",
    ]
    ids = [one.findtext("a:id", namespaces=ATOM) for one in entries]
    assert [one and one.rpartition("#")[2] for one in ids] == [f"{YEAR}-2", f"{YEAR}-1"]
    assert entries[0].findtext("a:updated", namespaces=ATOM) == "2026-11-03T09:00:00+00:00"
    french = parsed(guest.get("/jm/fr/figures/feed.atom").content)
    assert [one.findtext("a:id", namespaces=ATOM) for one in french.findall("a:entry", ATOM)] == ids
    page = guest.get("/jm/figures").content.decode()
    assert page.count('href="/jm/figures/feed.atom"') == 2


def test_a_picture_stands_alone_and_gives_nothing_away(counted: Cast) -> None:
    publish(counted)
    guest = Client()
    answer = guest.get(f"/jm/figures/{YEAR}/illegal_by_country.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    picture = parsed(answer.content)
    names = {etree.QName(one).localname for one in picture.iter()}
    assert names == {"svg", "title", "desc", "rect", "text", "g"}
    assert not [name for one in picture.iter() for name in one.attrib if "href" in name or name in ("style", "src")]
    text = " ".join("".join(picture.itertext()).split())
    assert "Jamaica, 2025" in text
    assert "Hotline of Jamaica: figures of 2025, edition 1, 2026-11-03. Creative Commons Attribution 4.0." in text
    words = picture.findtext("{*}desc") or ""
    numbers = {name.strip(): number for name, number in re.findall(r"([\w ]+): (not shown|\d+)", words)}
    assert numbers["United States"] == "19", words
    assert (numbers["Canada"], numbers["Jamaica"]) == ("not shown", "not shown")
    page = guest.get(f"/jm/figures?year={YEAR}").content.decode()
    assert len(page) < 60_000
    (line,) = [one for one in re.findall(r"<code[^>]*>(.*?)</code>", page, re.DOTALL) if "by_country" in one]
    assert line.startswith("&lt;img src="), "to be read and copied, not drawn"
    alternative = re.search(r'alt="([^"]*)"', unescape(line))
    assert alternative is not None
    assert unescape(alternative[1]) == words
    assert f"http://testserver/jm/figures/{YEAR}/illegal_by_country.svg" in line


@pytest.mark.parametrize(
    "path", ["2019/illegal_by_country", f"{YEAR}/reports", f"{YEAR}/nothing", "99999999999999999999/x"]
)
def test_there_is_no_picture_of_what_has_no_chart(counted: Cast, path: str) -> None:
    publish(counted)
    assert Client().get(f"/jm/figures/{path}.svg").status_code == 404
