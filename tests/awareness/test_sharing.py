"""The catalogue given to other programs, and theirs taken: read by a client not written by us, and by our own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.test import Client
from django_scopes import scope
from oaipmh_scythe import Scythe

from leeward.awareness import services
from leeward.awareness.harvesting import harvest
from leeward.awareness.models import Resource
from leeward.awareness.rules.entries import EntryDetails
from leeward.awareness.rules.records import rows_of_feed
from leeward.awareness.rules.sheet import read_sheet
from leeward.cli.learning import harvest_catalogue
from leeward.foundation.errors import BadInput
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
        self.send_response(200)
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
    with pytest.raises(BadInput, match="not a complete web address"):
        harvest("file:///etc/hosts", is_oai=False)
