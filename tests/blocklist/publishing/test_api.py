"""Feeds over HTTP, as a subscriber's programme meets them."""

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.test import Client
from pysequoia import Tsk, decrypt

from leeward.blocklist.client import LocalList
from leeward.blocklist.publishing import keys, queries, services, tracing
from leeward.blocklist.publishing.feeds import MOST_STEPS
from leeward.blocklist.publishing.models import Publication
from leeward.blocklist.publishing.rules.formats import FORMATS
from leeward.blocklist.publishing.rules.statements import copy_text
from leeward.blocklist.rules.canaries import read_leak, whose
from leeward.blocklist.rules.hash_list_wire import read_update
from leeward.blocklist.rules.keyed import read_keyed
from leeward.blocklist.rules.search import Answer, question_as_json, read_answer
from leeward.people.models import ApiToken
from leeward.people.services.tokens import issue_token, revoke_token
from tests.blocklist.publishing.conftest import House

FEEDS = "/api/v1/feeds"


class Programme:
    """A subscriber's programme with its key."""

    def __init__(self, key: str) -> None:
        self._client = Client(headers={"Authorization": f"Bearer {key}"})

    def get(self, path: str, **headers: str):
        return self._client.get(
            FEEDS + path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def body(self, path: str) -> bytes:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def post(self, path: str, body: object):
        return self._client.post(FEEDS + path, json.dumps(body), content_type="application/json")


@pytest.fixture
def alpha(house: House) -> Programme:
    _, key = house.subscribe()
    house.publish()
    return Programme(key)


def test_every_format_holds_what_it_can_say(house: House, alpha: Programme) -> None:
    zone = alpha.body("/national/rpz").decode()
    for owner in ("whole.example", "*.whole.example", "one.example"):
        assert f"\n{owner} CNAME .\n" in zone
    assert "*.one.example" not in zone
    assert "pages.example" not in zone
    assert "||whole.example^" in alpha.body("/national/adblock").decode()
    assert "0.0.0.0 one.example" in alpha.body("/national/hosts").decode()
    assert "whole.example" in alpha.body("/national/domains").decode()
    lines = [json.loads(line) for line in alpha.body("/national/urls").splitlines()]
    assert lines[0]["serial"] == 1
    assert {"event": "add", "scope": "url", "url": "http://pages.example/folder/page.html"} in lines
    keyed = read_keyed(alpha.body("/national/keyed").decode().splitlines())
    assert (keyed.name, keyed.serial) == ("national", 1)
    key = bytes.fromhex(json.loads(alpha.body("/national/keyed/key"))["key"])
    assert keyed.hit(key, "http://pages.example/folder/page.html")
    assert not keyed.hit(key, "http://pages.example/folder/other.html")
    with zipfile.ZipFile(io.BytesIO(alpha.body("/national/e2guardian"))) as archive:
        assert "pages.example/folder/page.html" in archive.read("bannedurllist").decode()
        assert "whole.example" in archive.read("bannedsitelist").decode()
    update = read_update(alpha.body("/national/hashes"))
    assert len(update.additions) == 5 + 8, "entries, tests and canaries"


def test_the_zone_says_how_much_it_could_not_say(alpha: Programme) -> None:
    answer = alpha.get("/national/rpz")
    assert answer["Leeward-Left-Out"] == "url=2"
    assert b"can't say: url 2" in b"".join(answer.streaming_content)


def test_a_copy_is_signed_byte_for_byte(house: House, alpha: Programme) -> None:
    key = json.loads(Client().get(f"{FEEDS}/key").content)
    assert key["algorithm"] == "Ed25519"
    for form in house.subscribe("beta")[0].formats:
        answer = alpha.get(f"/national/{form}")
        content = b"".join(answer.streaming_content)
        text = copy_text(list_name="national", form=form, serial=1, since=None, sha256=sha256(content).hexdigest())
        assert keys.is_signed(text, answer["Leeward-Signature"], key["public_key"]), form


def test_etag_gzip_and_ranges(alpha: Programme) -> None:
    whole = alpha.get("/national/rpz")
    content = b"".join(whole.streaming_content)
    assert alpha.get("/national/rpz", If_None_Match=whole["ETag"]).status_code == 304
    packed = alpha.get("/national/rpz", Accept_Encoding="gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] != whole["ETag"]
    assert gzip.decompress(b"".join(packed.streaming_content)) == content
    assert alpha.get("/national/rpz", Accept_Encoding="gzip", If_None_Match=packed["ETag"]).status_code == 304
    assert "Content-Encoding" not in alpha.get("/national/rpz", Accept_Encoding="br, gzip;q=0")
    part = alpha.get("/national/rpz", Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, content[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(content)}"
    assert alpha.get("/national/rpz", Range="bytes=-5").content == content[-5:]
    assert alpha.get("/national/rpz", Range=f"bytes={len(content)}-").status_code == 416
    stale = alpha.get("/national/rpz", Range="bytes=10-19", If_Range='"another"')
    assert (stale.status_code, b"".join(stale.streaming_content)) == (200, content)


def test_since_gives_the_difference_and_nothing_new_is_304(house: House, alpha: Programme) -> None:
    old = read_update(alpha.body("/national/hashes"))
    house.list_entry("domain", "http://new.example/")
    house.take_off("http://one.example/")
    house.publish()
    lines = [json.loads(line) for line in alpha.body("/national/urls?since=1").splitlines()]
    assert lines[0] == {"list": "national", "serial": 2, "since": 1, "add": 1, "remove": 1}
    assert [line["event"] for line in lines[1:]] == ["remove", "add"]
    new = read_update(alpha.body("/national/hashes?since=1"))
    assert (new.is_partial, len(new.removals), len(new.additions)) == (True, 1, 1)
    assert not old.is_partial
    for form in FORMATS.keys() - {"ip"}:
        assert alpha.get(f"/national/{form}?since=2").status_code == 304, form


@pytest.mark.parametrize("form", ["rpz", "hashes", "urls"])
def test_a_future_serial_is_one_clear_answer(alpha: Programme, form: str) -> None:
    answer = alpha.get(f"/national/{form}?since=9")
    assert answer.status_code == 409
    problem = json.loads(answer.content)
    assert problem["code"] == "serial_in_future"
    assert "9" in problem["title"]
    assert alpha.get(f"/national/{form}?since=yesterday").status_code == 400
    assert alpha.get(f"/national/{form}?since=0").status_code == 400
    assert alpha.get(f"/national/{form}?since={1 << 40}").status_code == 400


def test_who_is_a_thousand_serials_behind_gets_one_whole_list(house: House, alpha: Programme) -> None:
    Publication.objects.update(serial=1)
    house.publish()
    Publication.objects.filter(serial=2).update(serial=1001)
    assert MOST_STEPS < 1000
    assert not read_update(alpha.body("/national/hashes?since=1")).is_partial
    assert json.loads(alpha.body("/national/urls?since=1").splitlines()[0])["since"] is None
    assert alpha.get("/national/urls?since=1")["Leeward-Since"] == "0"


def test_who_may_have_what(house: House, alpha: Programme) -> None:
    assert alpha.get("/national/ip").status_code == 403
    assert alpha.get("/national/cake").status_code == 404
    assert alpha.get("/nowhere/rpz").status_code == 404
    _, narrow = house.subscribe("narrow", formats=("hashes",))
    answer = Programme(narrow).get("/national/rpz")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "not_in_contract")
    assert [row["list"] for row in json.loads(alpha.body("/"))] == ["national"]


def test_wrong_expired_ended_and_foreign_keys(house: House, alpha: Programme) -> None:
    row, key = house.subscribe("beta")
    assert Programme("leeward_" + "x" * 43).get("/national/rpz").status_code == 401
    assert Client().get(f"{FEEDS}/national/rpz").status_code == 401
    adam = house.cast["adam"].actor
    check = issue_token(name="upload", scopes=["check"], actor=adam)
    assert Programme(check).get("/national/rpz").status_code == 403
    stray = Programme(issue_token(name="stray", scopes=["subscriber"], actor=adam)).get("/national/rpz")
    assert (stray.status_code, json.loads(stray.content)["code"]) == (403, "contract_ended")
    ApiToken.objects.filter(pk=row.token_id).update(expires_on=datetime.now(UTC).date() - timedelta(days=1))
    assert Programme(key).get("/national/rpz").status_code == 401
    services.end_subscriber(row.id, actor=adam)
    assert Programme(key).get("/national/rpz").status_code == 401
    assert alpha.get("/national/rpz").status_code == 200
    foreign = issue_token(name="dora", scopes=["check"], actor=house.cast["dora"].actor)
    assert Programme(foreign).post("/national/check", {"urls": ["http://whole.example/"]}).status_code == 404
    revoke_token(queries.subscriber_by_slug("alpha").token_id, actor=adam)
    assert alpha.get("/national/rpz").status_code == 401


def test_nothing_published_is_said(house: House) -> None:
    _, key = house.subscribe()
    answer = Programme(key).get("/national/rpz")
    assert (answer.status_code, json.loads(answer.content)["code"]) == (404, "nothing_published")


def test_check_says_what_blocks(alpha: Programme) -> None:
    urls = [
        "HTTP://www.Whole.example/x",
        "http://pages.example/folder/page.html?a=1",
        "http://pages.example/",
        "http://",
    ]
    answer = alpha.post("/national/check", {"urls": urls})
    rows = json.loads(answer.content)["results"]
    assert [(row["blocked"], row["expression"]) for row in rows[:3]] == [
        (True, "whole.example/"),
        (True, "pages.example/folder/page.html"),
        (False, ""),
    ]
    assert rows[3]["problem"]
    assert alpha.post("/national/check", {"urls": []}).status_code == 422
    assert (
        alpha.post("/national/check", {"urls": ["x" * 60_000, "http://whole.example\\@a.example/"]}).status_code == 200
    )


class Transport:
    """The client's way to the test client."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    def fetch(self, version: bytes) -> bytes | None:
        answer = self.programme.get("/national/hashes" + (f"?since={version.decode()}" if version else ""))
        return None if answer.status_code == 304 else b"".join(answer.streaming_content)

    def search(self, prefixes: list[bytes]) -> Answer:
        answer = self.programme.post("/national/search", question_as_json(prefixes))
        assert answer.status_code == 200, answer.content
        return read_answer(json.loads(answer.content))


def test_the_client_follows_the_list(house: House, alpha: Programme, tmp_path) -> None:
    held = LocalList(tmp_path, "national", Transport(alpha))
    now = datetime.now(UTC)
    assert held.refresh(now).changed
    assert held.check("http://a.whole.example/x").is_blocked
    assert held.check("http://pages.example/folder/page.html").is_blocked
    assert held.check("http://pages.example/folder/").state == "clear"
    house.list_entry("domain", "http://new.example/")
    house.take_off("http://whole.example/")
    house.publish()
    assert held.refresh(now + timedelta(hours=1)).changed
    assert held.check("http://new.example/").is_blocked
    assert held.check("http://a.whole.example/x").state == "clear"
    assert not held.refresh(now + timedelta(hours=2)).changed


def test_the_answer_to_a_prefix_says_nothing_by_its_size(alpha: Programme) -> None:
    rows = json.loads(alpha.post("/national/search", {"prefixes": ["00000000"]}).content)["found"]
    assert len(rows) == 4
    assert alpha.post("/national/search", {"prefixes": ["xyz"]}).status_code == 400


def test_a_leaked_copy_names_its_leaker(house: House, alpha: Programme) -> None:
    _, other = house.subscribe("beta")
    secret_canaries = {
        slug: tracing.canaries(queries.subscriber_by_slug(slug), "national") for slug in ("alpha", "beta")
    }
    for form in ("rpz", "urls", "hosts", "domains", "adblock"):
        suspects = whose(read_leak(Programme(other).body(f"/national/{form}")), secret_canaries)
        assert [(one.subscriber, one.is_certain) for one in suspects] == [("beta", True)], form


def test_exact_addresses_are_encrypted_unless_the_contract_says_otherwise(house: House) -> None:
    secret = Tsk.generate("Search <search@engine.example>")
    certificate = str(secret.extract_certificate())
    _, key = house.subscribe("engine", formats=("urls",), takes_plain_addresses=False, certificate=certificate)
    house.publish()
    content = Programme(key).body("/national/urls")
    assert b"pages.example" not in content
    opened = decrypt(content, secret.decryptor())
    assert b"http://pages.example/folder/page.html" in opened.bytes


def test_what_was_fetched_is_remembered_as_time_and_serial_only(house: House, alpha: Programme) -> None:
    alpha.body("/national/rpz")
    row = queries.subscriber_by_slug("alpha")
    (fetch,) = queries.fetches_of([row.id])[row.id]
    assert (fetch.form, fetch.serial) == ("rpz", 1)


def test_the_programme_can_record_the_quarterly_test(house: House, alpha: Programme) -> None:
    answer = alpha.post("/national/test", {"answer": "open"})
    assert answer.status_code == 200, answer.content
    assert queries.subscriber_by_slug("alpha").alarm == "test_failed"
    alpha.post("/national/test", {"answer": "blocked"})
    assert queries.subscriber_by_slug("alpha").alarm == ""
