"""Files that HMA's clients send or name: hashed, looked up, fetched from allowed hosts only; and the document of the routes."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pytest
from django_scopes import scope
from PIL import Image, ImageOps

from leeward.hashbank.hma.views.openapi import document
from leeward.hashbank.hma.views.routes import ROUTES
from leeward.hashbank.models import RecordHash
from leeward.hashbank.services import keep_bank, keep_windows
from leeward.hosting.services.allowed_files import is_allowed
from leeward.matching.hashing import hash_stream
from tests.hashbank.asking import jpeg, png, put_in
from tests.hashbank.conftest import Desk
from tests.hashbank.hma_asking import Program, coop, open_routes, photo, program
from tests.matching.pictures import picture, saved
from tests.matching.test_variants import cropped, file, original, shown
from tests.personas import Cast

__all__ = ["coop", "open_routes"]


class Host(BaseHTTPRequestHandler):
    """Serves a picture, and sends elsewhere from `/away`."""

    asked: list[str]

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        status = {"/away": 302, "/gone.png": 404}.get(self.path, 200)
        self.send_response(status)
        if self.path == "/away":
            self.send_header("Location", f"http://localhost:{self.server.server_port}/picture.png")  # type: ignore[attr-defined]
        self.send_header("Content-Type", "text/html" if self.path == "/said.html" else "image/png")
        self.end_headers()
        self.wfile.write(b"x" * 200_000 if self.path == "/large.png" else png(3))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def host() -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def allowed(coop: Program, open_routes: Any) -> Program:
    open_routes(hma_url_hosts=("127.0.0.1",), fetch_allowed_networks=("127.0.0.0/8",))
    return coop


def test_an_address_of_an_allowed_host_is_fetched_hashed_and_looked_up(cast: Cast, allowed: Program, host: Any) -> None:
    number = put_in(cast, png(3))
    url = f"http://127.0.0.1:{host.server_port}/picture.png"
    hashes = allowed.get("/h/hash", {"url": url}).json()
    assert len(hashes["pdq"]) == 64
    entry = [{"bank_content_id": number, "distance": "0"}]
    assert allowed.get("/m/lookup", {"url": url}).json() == {"pdq": {"general": entry}}
    assert allowed.get("/m/lookup", {"url": url, "signal_type": "pdq"}).json() == {"general": entry}
    assert allowed.get("/m/lookup", {"url": url, "types": "sha256"}).json() == {"sha256": {"general": entry}}
    other = allowed.get("/m/lookup", {"url": url, "signal_type": "md5"})
    assert other.status_code == 400


def test_where_nothing_is_allowed_nothing_is_asked(coop: Program, host: Any) -> None:
    answer = coop.get("/h/hash", {"url": f"http://127.0.0.1:{host.server_port}/picture.png"})
    assert answer.status_code == 400
    assert host.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:{port}/picture.png",
        "http://127.0.0.1.example:{port}/picture.png",
        "http://user@127.0.0.1@localhost:{port}/",
        "http://[::1]:{port}/picture.png",
        "ftp://127.0.0.1:{port}/picture.png",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
        "http://",
        "\x00",
        "http://127.0.0.1:{port}/" + "a" * 5_000,
    ],
)
def test_addresses_elsewhere_are_refused_before_anybody_is_asked(allowed: Program, host: Any, url: str) -> None:
    answer = allowed.get("/m/lookup", {"url": url.format(port=host.server_port)})
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert host.asked == []


def test_each_hop_is_held_against_the_list(allowed: Program, host: Any) -> None:
    answer = allowed.get("/h/hash", {"url": f"http://127.0.0.1:{host.server_port}/away"})
    assert answer.status_code == 400
    assert host.asked == ["/away"], "the second host is not on it"


def test_private_networks_stay_closed_although_the_host_is_allowed(
    allowed: Program, open_routes: Any, host: Any
) -> None:
    open_routes(hma_url_hosts=("127.0.0.1",), fetch_allowed_networks=())
    assert allowed.get("/h/hash", {"url": f"http://127.0.0.1:{host.server_port}/picture.png"}).status_code == 400
    assert host.asked == []


def test_what_an_address_answers_badly(allowed: Program, open_routes: Any, host: Any) -> None:
    base = f"http://127.0.0.1:{host.server_port}"
    assert allowed.get("/h/hash", {"url": f"{base}/gone.png"}).status_code == 400
    assert "content_type" in allowed.get("/h/hash", {"url": f"{base}/said.html"}).json()["message"]
    assert allowed.get("/h/hash", {"url": f"{base}/said.html", "content_type": "photo"}).status_code == 200
    asked = len(host.asked)
    assert allowed.get("/h/hash", {"url": f"{base}/x.png", "content_type": "song"}).status_code == 400
    assert len(host.asked) == asked
    open_routes(hma_url_hosts=("127.0.0.1",), fetch_allowed_networks=("127.0.0.0/8",), check_max_bytes=100_000)
    large = allowed.get("/h/hash", {"url": f"{base}/large.png"})
    assert (large.status_code, large["Content-Type"]) == (413, "text/plain; charset=utf-8")


def test_a_host_is_asked_only_so_often(allowed: Program, open_routes: Any, host: Any) -> None:
    open_routes(
        hma_url_hosts=("127.0.0.1",),
        fetch_allowed_networks=("127.0.0.0/8",),
        fetch_report_per_minute=2,
        fetch_host_per_minute=2,
    )
    url = f"http://127.0.0.1:{host.server_port}/picture.png"
    answers = [allowed.get("/h/hash", {"url": url}).status_code for _ in range(3)]
    assert answers == [200, 400, 400]
    assert len(host.asked) == 1


def test_which_hosts_a_list_means() -> None:
    listed = ("pictures.example", ".cdn.example", "[::1]")
    for host in ("pictures.example", "PICTURES.example.", "a.pictures.example", "cdn.example", "x.cdn.example", "::1"):
        assert is_allowed(host, listed), host
    for host in ("", ".", "example", "evilpictures.example", "pictures.example.evil.example", "::2"):
        assert not is_allowed(host, listed), host
    assert not is_allowed("a.example", ())
    assert not is_allowed("a.example", ("", "."))


# -- files ---------------------------------------------------------------


def test_a_file_in_a_bank_is_known_by_all_its_digests(cast: Cast, coop: Program) -> None:
    coop.ask("POST", "/c/banks", {"name": "MINE"})
    made = coop.send("/c/bank/MINE/content", photo=photo(png(3)), note="ours").json()
    assert set(made["signals"]) == {"pdq"}
    assert RecordHash.objects.count() == 4
    again = coop.send("/m/lookup?types=md5", photo=photo(png(3))).json()
    assert again == {"md5": {"MINE": [{"bank_content_id": made["id"], "distance": "0", "advice": "review"}]}}


def flat(size: tuple[int, int] = (400, 300)) -> bytes:
    return saved(Image.new("RGB", size, (90, 90, 90)), "PNG").getvalue()


def test_a_picture_that_is_all_border_has_no_hash_and_meets_nothing(coop: Program) -> None:
    coop.ask("POST", "/c/banks", {"name": "MINE"})
    assert coop.send("/h/hash", photo=photo(flat())).json() == {"pdq": ""}
    for path in ("/m/lookup", "/m/lookup?altered=true", "/c/bank/MINE/content"):
        answer = coop.send(path, photo=photo(flat()))
        assert answer.status_code == 400
        assert "too little" in answer.json()["message"]
    assert coop.send("/m/lookup?types=sha256&altered=true", photo=photo(flat())).json() == {"sha256": {}}


def test_altered_pictures_are_told_only_where_they_are_asked_for(cast: Cast, coop: Program) -> None:
    number = put_in(cast, png(3))
    framed = saved(ImageOps.expand(picture(320, 240, 3), 60, (20, 20, 20)), "PNG").getvalue()
    assert coop.send("/m/lookup", photo=photo(framed)).json() == {"pdq": {}}, "a client would act on it as on any other"
    (entry,) = coop.send("/m/lookup?altered=true", photo=photo(framed)).json()["pdq"]["general"]
    assert entry.pop("distance").isdigit()
    assert entry == {"bank_content_id": number, "advice": "review", "alteration": "framed"}
    plain = coop.send("/m/lookup?altered=true", photo=photo(jpeg(3))).json()["pdq"]["general"]
    assert set(plain[0]) == {"bank_content_id", "distance"}
    assert coop.send("/m/lookup?altered=maybe", photo=photo(framed)).status_code == 422
    assert coop.send("/m/lookup?altered=true&banks=OTHER", photo=photo(framed)).json() == {"pdq": {}}


def test_a_part_of_a_picture_that_was_hashed_here_is_told_as_altered(cast: Cast, coop: Program) -> None:
    with scope(hotline=cast.hotline_id):
        keep_bank(actor=cast["carl"].actor)
        keep_windows("general", keeps=True, actor=cast["carl"].actor)
        whole = hash_stream(BytesIO(original()), only=("windows",), exact=True).windows
        number = put_in(cast, original(), windows=whole)
    part = file(cropped(shown(), 0.13))
    (entry,) = coop.send("/m/lookup?altered=true", photo=photo(part)).json()["pdq"]["general"]
    assert (entry["bank_content_id"], entry["alteration"], entry["advice"]) == (number, "cropped_here", "review")
    assert coop.send("/m/lookup", photo=photo(part)).json() == {"pdq": {}}


# -- what the server says of itself -------------------------------------------


def test_the_document_names_every_route_and_its_places(coop: Program) -> None:
    found = document()
    operations = [one for methods in found["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for path, methods in found["paths"].items():
        for one in methods.values():
            places = [f"{{{each['name']}}}" for each in one["parameters"] if each["in"] == "path"]
            assert places == re.findall(r"\{\w+\}", path)
    told = {(method.upper(), path) for path, methods in found["paths"].items() for method in methods}
    assert told == {(route.method, route.path.replace("<", "{").replace(">", "}")) for route in ROUTES}
    for path in ("/openapi", "/openapi/", "/openapi/openapi.json"):
        assert coop.get(path).json() == found


def test_status_is_text_and_asks_for_no_key(cast: Cast, bank: Desk, open_routes: Any) -> None:
    open_routes()
    client = Program("")
    client._headers = {}
    for path in ("/status", "/status/live"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (200, b"I-AM-ALIVE")
    assert client.get("/").headers["Location"] == "status"
    assert "/c/bank/<bank_name>" in client.get("/site-map").json()
    assert client.ask("OPTIONS", "/c/banks")["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_exchanges_are_wishes_until_people_set_them_up(cast: Cast, coop: Program) -> None:
    asked = {"bank": "FEED", "api": "ncmec", "api_json": {"environment": "https://report.example"}}
    assert coop.ask("POST", "/c/exchanges", asked).status_code == 201
    assert coop.get("/c/exchanges").json() == ["FEED"]
    told = coop.get("/c/exchange/FEED").json()
    assert told == {"name": "FEED", "api": "ncmec", "enabled": True, "environment": "https://report.example"}
    assert coop.get("/c/exchange/FEED/status").json()["last_fetch_succeeded"] is None
    assert coop.ask("PUT", "/c/exchange/FEED", {"enabled": "no"}).json()["enabled"] is False
    secret = coop.ask("POST", "/c/exchanges/api/ncmec", {"credential_json": {"user": "a", "password": "b"}})
    assert secret.status_code == 403
    assert "missing role" in secret.json()["message"]
    assert coop.get("/c/exchanges/api/ncmec").json()["has_set_authentification"] is False
    assert coop.get("/c/exchanges/api/nothing").status_code == 400
    assert coop.get("/c/exchanges/api/nothing/schema").status_code == 404
    fields = coop.get("/c/exchanges/api/ncmec/schema").json()["credentials_schema"]["fields"]
    assert [field["name"] for field in fields] == ["user", "password"]
    other = program(cast, name="Somebody else")
    assert other.ask("PUT", "/c/exchange/FEED", {"enabled": True}).status_code == 403
    assert other.ask("DELETE", "/c/exchange/FEED").status_code == 403
    for wrong in (
        {},
        {"bank": "x"},
        {"bank": "B", "api": "nothing"},
        {"bank": "B", "api": "ncmec", "api_json": {"x": 1}},
    ):
        assert coop.ask("POST", "/c/exchanges", wrong).status_code == 400
    assert coop.ask("DELETE", "/c/exchange/FEED").status_code == 200
    assert coop.ask("DELETE", "/c/exchange/FEED").status_code == 200
    assert coop.get("/c/exchange/FEED").status_code == 404
    assert coop.get("/c/banks").json() == []


def test_the_status_of_an_exchange_tells_of_lists_that_came_into_its_bank(
    cast: Cast, coop: Program, bank: Desk
) -> None:
    from datetime import UTC, datetime

    from leeward.hashbank.models import Bank, Import

    coop.ask("POST", "/c/exchanges", {"bank": "FEED", "api": "sample", "api_json": {}})
    now = datetime.now(UTC)
    Import.objects.create(
        hotline_id=bank.hotline_id,
        source="A list",
        format="plain",
        file_name="a.txt",
        sha256="0" * 64,
        bank=Bank.objects.get(name="FEED"),
        by="staff:1",
        started_at=now,
        finished_at=now,
        rows=12,
    )
    told = coop.get("/c/exchange/FEED/status").json()
    assert (told["fetched_items"], told["up_to_date"], told["last_fetch_succeeded"]) == (12, True, True)
    assert told["last_fetch_complete_ts"] == int(now.timestamp())
    assert coop.ask("DELETE", "/c/exchange/FEED").status_code == 403, "a list of the hotline uses the bank"


def test_kinds_of_hashes_and_content(coop: Program) -> None:
    kinds = {one["name"] for one in coop.get("/c/signal_type").json()}
    assert kinds == {"pdq", "md5", "video_md5", "sha1", "sha256"}
    assert coop.ask("PUT", "/c/signal_type/pdq", {"enabled_ratio": 0}).status_code == 403
    index = coop.get("/c/signal_type/index", {"signal_type": "pdq"}).json()
    assert index["pdq"]["index_out_of_date"] is False
    assert coop.get("/c/signal_type/index", {"signal_type": "x"}).status_code == 400
    assert [one["name"] for one in coop.get("/c/content_type").json()] == ["photo", "video"]


def test_sources_that_people_set_up_are_exchanges_too(cast: Cast, coop: Program, bank: Desk) -> None:
    from datetime import UTC, datetime

    from leeward.hashbank.models import LiveSource

    now = datetime.now(UTC)
    facts = {
        "source": "A centre",
        "url": "https://hashes.example",
        "bank": "their list",
        "added_by": "staff:3",
        "added_at": now,
    }
    seen = {"last_at": now, "good_at": now, "rows": 40}
    row = LiveSource.objects.create(hotline_id=bank.hotline_id, name="centre", protocol="stopncii", **facts, **seen)
    assert coop.get("/c/exchanges").json() == ["centre"]
    assert coop.get("/c/exchange/centre").json() == {"name": "centre", "api": "stop_ncii", "enabled": True}
    told = coop.get("/c/exchange/centre/status").json()
    assert (told["fetched_items"], told["last_fetch_succeeded"], told["up_to_date"]) == (40, True, True)
    assert coop.ask("PUT", "/c/exchange/centre", {"enabled": False}).status_code == 403
    assert coop.ask("DELETE", "/c/exchange/centre").status_code == 403
    row.removed_at = now
    row.save()
    assert coop.get("/c/exchange/centre").status_code == 404
