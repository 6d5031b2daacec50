"""The catalogue given to other programs, and theirs taken: read by a client not written by us, and by our own."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from oaipmh_scythe import Scythe

from leeward.awareness import harvesting, services
from leeward.awareness.errors import PartnersFull
from leeward.awareness.harvesting import harvest
from leeward.awareness.models import Partner, Resource
from leeward.awareness.rules.entries import EntryDetails
from leeward.awareness.rules.records import NotAFeed, rows_of_feed
from leeward.awareness.rules.sheet import read_sheet
from leeward.cli.learning import harvest_catalogue
from leeward.foundation.errors import BadInput
from leeward.foundation.sandbox import Finding
from leeward.jobs.worker import run_until_idle
from tests.awareness.test_catalogue import add, enter, seen_on, sent
from tests.personas import Cast

COUNT = 103


@pytest.fixture
def shared(cast: Cast) -> list[EntryDetails]:
    """A reviewed catalogue of more than a page, and one entry that nobody has reviewed."""
    made = [
        EntryDetails(
            f"Lesson {number:03}", "School", f"https://school.example/{number}", languages=("fr",), form="game"
        )
        for number in range(COUNT)
    ]
    with scope(hotline=cast.hotline_id):
        services.import_entries(made, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
        Resource.objects.update(verdict="good")
        hidden = EntryDetails("Hidden", "", "https://hidden.example/")
        services.import_entries([hidden], hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    return made


def test_programs_get_what_visitors_see(cast: Cast, shared: list[EntryDetails]) -> None:
    answer = Client().get("/jm/learn/feed.json")
    assert answer["Content-Type"] == "application/feed+json"
    assert answer.content == Client().get("/jm/learn/feed.json").content
    assert [row["title"] for row in rows_of_feed(answer.content)] == [one.title for one in shared]
    assert json.loads(answer.content)["home_page_url"].endswith("/jm/learn")
    assert rows_of_feed(Client().get(f"/{_other(cast)}/learn/feed.json").content) == []
    by_post = Client().post("/jm/learn/oai", {"verb": "Identify"})
    assert b"<baseURL>" in by_post.content
    assert by_post["Content-Type"] == "text/xml; charset=utf-8"
    assert Client().get("/zz/learn/oai?verb=Identify").status_code == 404


def _other(cast: Cast) -> str:
    from leeward.people.models import Portal

    return str(Portal.objects.get(pk=cast.other_portal_id).slug)


@pytest.mark.django_db(transaction=True)
def test_a_kept_client_harvests_all_of_it(cast: Cast, shared: list[EntryDetails], live_server: Any) -> None:
    with Scythe(f"{live_server.url}/jm/learn/oai") as scythe:
        assert scythe.identify().protocolVersion == "2.0"
        records = list(scythe.list_records(metadata_prefix="oai_dc"))
        assert [record.metadata["title"] for record in records] == [[one.title] for one in shared]
        one = scythe.get_record(identifier=records[5].header.identifier, metadata_prefix="oai_dc")
        assert one.metadata["identifier"] == ["https://school.example/5"]
        assert [form.metadataPrefix for form in scythe.list_metadata_formats()] == ["oai_dc"]
        assert len(list(scythe.list_identifiers(from_="2020-01-01"))) == COUNT


class Other(BaseHTTPRequestHandler):
    """Another's server: what it answers is said by the path."""

    pages: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        self.send_response(404 if self.path.startswith("/nothing") else 200)
        if self.path.startswith("/endless"):
            self.send_header("Content-Length", str(1 << 30))
            self.end_headers()
            try:
                for _ in range(1 << 14):
                    self.wfile.write(b" " * (1 << 16))
            except OSError:
                return
            return
        body = next((body for path, body in self.pages.items() if path in self.path), b"<html>")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def other(settings: Any) -> Iterator[str]:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"fetch_allowed_networks": ("127.0.0.0/8",)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_we_harvest_what_we_give_and_refuse_the_rest(
    cast: Cast, shared: list[EntryDetails], other: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = Client()
    first = client.get("/jm/learn/oai?verb=ListRecords&metadataPrefix=oai_dc").content
    token = first.rpartition(b"</resumptionToken>")[0].rpartition(b">")[2].decode()
    second = client.get("/jm/learn/oai?verb=ListRecords&resumptionToken=" + token).content
    circle = first.replace(token.encode(), b"round")
    monkeypatch.setattr(
        Other,
        "pages",
        {
            "/feed.json": client.get("/jm/learn/feed.json").content,
            f"/good?verb=ListRecords&resumptionToken={token}": second,
            "/good?verb=ListRecords": first.replace(b">Lesson 001<", b"><"),
            "/circle": circle,
        },
    )
    found = harvest(f"{other}/feed.json", is_oai=False)
    assert [one.key for one in found.entries] == [one.key for one in shared]
    assert {one.source for one in found.entries} == {f"Harvested from {other}/feed.json"}
    found = harvest(f"{other}/good", is_oai=True)
    assert len(found.entries) == COUNT - 1
    assert found.left_out == ["record 2: the title is empty"]
    assert harvest_catalogue(f"{other}/good", oai=True, out=tmp_path / "others.csv") == 0
    assert len(read_sheet((tmp_path / "others.csv").read_text("utf-8"))) == COUNT - 1
    for path, is_oai, why in (
        ("/endless", False, "it is larger than 5 MB"),
        ("/endless", True, "it is larger than 5 MB"),
        ("/markup", False, "it is neither JSON nor XML in UTF-8"),
        ("/markup", True, "it is neither JSON nor XML in UTF-8"),
        ("/circle", True, "its pages go round in circles"),
    ):
        with pytest.raises(BadInput) as refused:
            harvest(other + path, is_oai=is_oai)
        assert why in refused.value.text
    for budget, most, why in (
        ("MOST_BYTES_IN_ALL", 1000, "larger than 0 MB together"),
        ("MOST_SECONDS", -1, "longer than -1 seconds together"),
        ("MOST_PAGES", 1, "more than 1 pages"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(harvesting, budget, most)
            with pytest.raises(BadInput, match=why):
                harvest(f"{other}/good", is_oai=True)
    for answer, error, why in (
        (Finding("busy"), harvesting.NoAnswer, "too much was being read at the time"),
        (b"[" * 100_000, NotAFeed, "it is neither JSON nor XML in UTF-8"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(harvesting.sandbox, "call", lambda *_about, answer=answer: answer)
            with pytest.raises(error, match=why) as refused:
                harvesting.read(f"{other}/good", is_oai=True)
        assert type(refused.value) is error, "a partner whose page nobody read has not sent a wrong one"
    with pytest.raises(BadInput, match="not a complete web address"):
        harvest("file:///etc/hosts", is_oai=False)


@pytest.fixture
def carl(cast: Cast) -> Client:
    return enter(cast, "carl")


def partner(cast: Cast) -> Partner:
    with scope(hotline=cast.hotline_id):
        return Partner.objects.get()


def test_a_partners_catalogue_is_read_shown_and_taken_by_a_person(
    cast: Cast, carl: Client, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offers(*titles: str) -> None:
        items = [{"title": title, "url": f"https://o.example/{number}"} for number, title in enumerate(titles)]
        body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
        monkeypatch.setattr(Other, "pages", {"/feed": body})

    def read_again() -> Partner:
        number = partner(cast).pk
        sent(carl, f"/desk/learning/partners/{number}/read")
        run_until_idle(timezone.now() + timedelta(seconds=5))
        return partner(cast)

    add(cast, "Known", address="https://o.example/0")
    offers("Known", "=New", "<b>Bold</b>")
    wrong = sent(carl, "/desk/learning/partners", name="Shelf of L", address="http://user@h.example/", form="feed")
    assert "it is not a complete web address." in wrong.content.decode()
    assert (
        sent(carl, "/desk/learning/partners", name="Shelf of L", address=f"{other}/feed", form="feed").status_code
        == 302
    )
    twice = sent(carl, "/desk/learning/partners", name="Shelf of L", address=f"{other}/feed", form="feed")
    assert "is read already" in twice.content.decode()
    run_until_idle(timezone.now() + timedelta(seconds=5))
    row = partner(cast)
    assert (row.reading, row.new, row.left_out) == ("read", 1, 1)
    assert row.next_at - row.read_at == timedelta(days=7)
    page = f"/desk/learning/partners/{row.pk}"
    shown = carl.get(page).content.decode()
    assert "Shown: 1 of 1. Left out, because they can’t be entries: 1." in shown
    seen = seen_on(carl, page)
    with scope(hotline=cast.hotline_id):
        assert Resource.objects.count() == 1
    offers("Known", "=New", "Newer")
    assert read_again().new == 2
    assert sent(carl, f"{page}/take", seen=seen).status_code == 409
    sent(carl, f"{page}/take", seen=seen_on(carl, page))
    with scope(hotline=cast.hotline_id):
        assert set(Resource.objects.values_list("title", "verdict")) == {("Known", ""), ("=New", ""), ("Newer", "")}
        assert services.read_partner(row.pk) == partner(cast).next_at  # not due: nothing is fetched
    assert "Nothing to add" in carl.get(page).content.decode()
    assert sent(carl, f"{page}/take", seen=services.digest_of([""])).status_code == 409
    offers("Another")
    assert read_again().new == 1
    for path, reading in (("nothing", "no_answer"), ("endless", "too_much"), ("page", "not_material")):
        with scope(hotline=cast.hotline_id):
            Partner.objects.update(address=f"{other}/{path}")
        row = read_again()
        assert (row.reading, row.new) == (reading, 1)
        assert "Another" in row.offered
    dora = enter(cast, "dora")
    assert "Shelf of L" not in dora.get("/desk/learning/partners").content.decode()
    assert dora.get(page).status_code == 404
    sent(carl, f"{page}/remove")
    assert carl.get(page).status_code == 404
    run_until_idle(timezone.now() + timedelta(days=9))


def test_more_is_offered_when_the_first_are_taken_and_only_so_many_are_read(
    cast: Cast, carl: Client, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_OFFERED", 2)
    monkeypatch.setattr(services, "MOST_PARTNERS", 1)
    items = [{"title": f"Lesson {number}", "url": "https://o.example/"} for number in range(3)]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    monkeypatch.setattr(Other, "pages", {"/feed": body})
    with scope(hotline=cast.hotline_id):
        actor = cast["carl"].actor
        number = services.add_partner("A", f"{other}/feed", is_oai=False, hotline_id=cast.hotline_id, actor=actor)
        with pytest.raises(PartnersFull, match="At most 1 catalogues"):
            services.add_partner("B", f"{other}/b", is_oai=True, hotline_id=cast.hotline_id, actor=actor)
    page = f"/desk/learning/partners/{number}"
    for shown in ("Shown: 2 of 3.", "Shown: 1 of 1."):
        run_until_idle(timezone.now() + timedelta(seconds=5))
        assert shown in carl.get(page).content.decode()
        sent(carl, f"{page}/take", seen=seen_on(carl, page))
    with scope(hotline=cast.hotline_id):
        assert Resource.objects.count() == 3
