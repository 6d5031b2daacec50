"""The stop page: what it says, that it keeps nothing, and the file for operators."""

import gzip
import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django_scopes import scope
from lxml import html

from leeward.blocklist.publishing import stop_server
from leeward.blocklist.publishing.models import StopCount
from leeward.blocklist.publishing.services import stopping
from leeward.blocklist.publishing.stop_page import write_static
from leeward.blocklist.publishing.stop_server import StopServer
from leeward.blocklist.services import open_own_lists, record_agreement
from leeward.foundation.errors import BadInput
from leeward.people.models import Portal
from tests.journeys.test_reading_level import MOST_GRADE, grade, sentences_of
from tests.personas import Cast

MOST_BYTES = 60_000


@pytest.fixture(autouse=True)
def written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_SECONDS", 0.0)
    monkeypatch.setattr(stopping, "_waiting", 0)


def test_it_says_what_happened_by_which_law_whom_to_ask_and_how_to_appeal(cast: Cast) -> None:
    answer = Client().get("/jm/stop")
    page = answer.content.decode()
    assert answer.status_code == 451
    assert 'rel="blocked-by"' in answer["Link"]
    for part in (
        "This page is blocked",
        "The law of Jamaica on such material",
        "116 111",
        "119",
        "desk@jm.example",
        "Hotline of Jamaica",
    ):
        assert part in page
    links = [link.partition("?")[0] for link in html.fromstring(page).xpath("//main//a/@href")]
    assert "/jm/appeal" in links
    assert "/jm/report" in links
    assert "/jm/procedure" in links
    assert Client().get("/jm/appeal").status_code == 200
    text = " ".join(html.fromstring(page).xpath("string(//main)").replace("\u2068", "").replace("\u2069", "").split())
    assert "Hotline of Jamaica decided it: two people there must agree" in text
    assert "accountable to" not in text, "nothing is said that nobody entered"
    Portal.objects.update(accountable_to="Ministry of Justice")
    assert "accountable to \u2068Ministry of Justice\u2069." in Client().get("/jm/stop").content.decode()


def test_where_no_law_is_recorded_it_names_what_the_operators_agreed(cast: Cast) -> None:
    Portal.objects.update(country="TV")
    assert "The operators who load this list agreed" not in Client().get("/jm/stop").content.decode()
    with scope(hotline=cast.hotline_id):
        open_own_lists(cast.hotline_id, actor=cast["carl"].actor)
        record_agreement("national", "The operators of Tuvalu, 3 May 2026", actor=cast["carl"].actor)
    assert "international baseline: The operators of Tuvalu, 3 May 2026." in Client().get("/jm/stop").content.decode()


@pytest.mark.parametrize("path", ["/jm/stop", "/stop", "/jm/fr/stop", "/jm/ur/stop"])
def test_it_needs_no_script_sets_no_cookie_and_is_small(cast: Cast, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 451
    assert not answer.cookies
    assert b"<script" not in answer.content
    assert len(answer.content) + 30_000 < MOST_BYTES
    assert answer["Cache-Control"] == "no-store"


def test_it_speaks_the_portals_languages(cast: Cast) -> None:
    assert 'lang="ur" dir="rtl"' in Client().get("/jm/ur/stop").content.decode()
    assert Client().get("/nowhere/stop").status_code == 404


def test_without_a_portal_it_shows_the_countries_or_the_only_one(cast: Cast) -> None:
    page = Client().get("/stop").content.decode()
    assert 'href="/bb/stop"' in page
    Portal.objects.filter(slug="bb").update(is_open=False)
    assert "/jm/appeal" in Client().get("/stop").content.decode()


def test_it_is_counted_by_day_and_nothing_else_is_kept(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for number in range(3):
        Client(headers={"User-Agent": f"visitor {number}", "X-Forwarded-For": "192.0.2.9"}).get(
            "/jm/stop?from=x.example"
        )
    (row,) = StopCount.objects.all()
    assert row.shown == 3
    assert {field.name for field in StopCount._meta.get_fields()} == {"day", "shown"}
    assert not [mark for mark in ("192.0.2.9", "visitor", "x.example") if mark in caplog.text], "nor in the log"


def test_a_crowd_is_written_down_together(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Client().get("/jm/stop")
    monkeypatch.setattr(stopping, "_SECONDS", 3600.0)
    for _ in range(5):
        Client().get("/jm/stop")
    assert StopCount.objects.get().shown == 1
    monkeypatch.setattr(stopping, "_SECONDS", 0.0)
    Client().get("/jm/stop")
    assert StopCount.objects.get().shown == 7


def test_the_file_for_an_operator_stands_alone(cast: Cast, tmp_path: Path) -> None:
    page, how = write_static(tmp_path / "out", "jm")
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    tree = html.fromstring(text)
    assert tree.xpath("//div[@lang]/@lang") == ["en", "fr", "ur"]
    assert not tree.xpath("//script | //link | //img | //iframe | //form")
    assert all(link.startswith(("http", "#", "tel:")) for link in tree.xpath("//a/@href"))
    assert any("/jm/fr/appeal" in link for link in tree.xpath("//a/@href"))
    said = how.read_text(encoding="utf-8")
    assert "access_log off" in said
    assert "Keep port 443 closed" in said


def asked(server: StopServer, **headers: str) -> tuple[str, dict[str, str], bytes]:
    """What a server of the stop page answers to a blocked name."""
    head: list[object] = []
    environ = {"REQUEST_METHOD": "GET", "HTTP_HOST": "bad.example", "PATH_INFO": "/x", "HTTP_ACCEPT": "text/html"}
    body = b"".join(server(environ | headers, lambda *given: head.extend(given)))
    return str(head[0]), dict(head[1]), body


def test_under_a_blocked_name_it_speaks_the_readers_language_and_counts_people_only(cast: Cast) -> None:
    server = StopServer("jm")
    status, head, body = asked(server, HTTP_ACCEPT_LANGUAGE="xx, ur-PK;q=0.8, en;q=0.5")
    tree = html.fromstring(body.decode())
    assert status.startswith("451 ")
    assert tree.xpath("//div[@lang]/@lang") == ["ur", "en", "fr"]
    assert tree.xpath("/html/@lang | /html/@dir") == ["ur", "rtl"]
    assert any(link.endswith("/jm/appeal?relation=visitor") for link in tree.xpath("//a/@href"))
    assert len(body) < MOST_BYTES
    assert "set-cookie" not in {name.lower() for name in head}
    assert gzip.decompress(asked(server, HTTP_ACCEPT_ENCODING="br, gzip")[2]).startswith(b"<!DOCTYPE html>")
    assert asked(server, REQUEST_METHOD="HEAD")[2] == b""
    asked(server, HTTP_ACCEPT="image/avif,*/*")
    assert StopCount.objects.get().shown == 3


def test_under_a_blocked_name_nothing_but_the_page_is_given_out(cast: Cast) -> None:
    server = StopServer("jm")
    for path in ("/", "/desk/", "/jm/report", "/api/v1/openapi.json", "/static/leeward/leeward.css", "/\0"):
        for method in ("GET", "HEAD", "POST", "DELETE"):
            status, head, body = asked(server, REQUEST_METHOD=method, PATH_INFO=path, HTTP_HOST="blocked.example")
            assert status == "451 Unavailable For Legal Reasons"
            assert {name.lower() for name in head} == {
                "cache-control", "content-length", "content-security-policy", "content-type", "link", "referrer-policy",
                "vary", "x-content-type-options", "x-robots-tag",
            }  # fmt: skip
            assert (b"This page is blocked" in body) is (method != "HEAD")
            assert b"blocked.example" not in body


def test_under_a_blocked_name_the_countries_are_offered_and_a_broken_database_stops_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = StopServer()
    links = html.fromstring(asked(server)[2].decode()).xpath("//a/@href")
    assert f"{settings.LEEWARD.base_url}/bb/stop" in links

    def is_away() -> None:
        raise OperationalError

    monkeypatch.setattr(stop_server, "portals_open", is_away)
    fresh = StopServer("jm")
    assert b"so your provider has blocked it" in asked(fresh)[2]
    monkeypatch.undo()
    fresh._good_until = 0.0
    assert b"Hotline of Jamaica" in asked(fresh)[2]


def test_which_country_must_be_said_where_there_are_several(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there are several"):
        write_static(tmp_path, "")


def test_it_can_be_read_by_a_child(cast: Cast) -> None:
    sentences = sentences_of(Client().get("/jm/stop").content.decode())
    ours = [sentence for sentence in sentences if "Act" not in sentence]  # the law has its own words
    assert grade(ours) <= MOST_GRADE
