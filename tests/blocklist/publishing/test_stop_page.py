"""The stop page: what it says, that it keeps nothing, and the file for operators."""

from pathlib import Path

import pytest
from django.test import Client
from lxml import html

from leeward.blocklist.publishing.models import StopCount
from leeward.blocklist.publishing.services import stopping
from leeward.blocklist.publishing.stop_page import write_static
from leeward.ground.errors import BadInput
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
    for part in ("This page is blocked", "In Jamaica", "116 111", "119", "desk@jm.example", "Hotline of Jamaica"):
        assert part in page
    links = [link.partition("?")[0] for link in html.fromstring(page).xpath("//main//a/@href")]
    assert "/jm/appeal" in links
    assert "/jm/report" in links
    assert Client().get("/jm/appeal").status_code == 200


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


def test_it_is_counted_by_day_and_nothing_else_is_kept(cast: Cast) -> None:
    for number in range(3):
        Client(headers={"User-Agent": f"visitor {number}", "X-Forwarded-For": "192.0.2.9"}).get(
            "/jm/stop?from=x.example"
        )
    (row,) = StopCount.objects.all()
    assert row.shown == 3
    assert {field.name for field in StopCount._meta.get_fields()} == {"day", "shown"}


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
    assert "access_log off" in how.read_text(encoding="utf-8")


def test_which_country_must_be_said_where_there_are_several(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there are several"):
        write_static(tmp_path, "")


def test_it_can_be_read_by_a_child(cast: Cast) -> None:
    sentences = sentences_of(Client().get("/jm/stop").content.decode())
    ours = [sentence for sentence in sentences if "Act" not in sentence]  # the law has its own words
    assert grade(ours) <= MOST_GRADE
