"""`/api/v1/hash-lists`: versions whole and in steps, the same bytes every time, ranges, signatures, keys that open nothing."""

import io
import tarfile
from pathlib import Path

import pytest
from django.test import Client

from leeward.audit.keys import is_signed
from leeward.foundation.errors import BadInput
from leeward.hashbank.formats import FORMATS
from leeward.hashbank.lists.services.copying import copy_text
from leeward.hashbank.lists.services.exporting import open_list, selection_of
from leeward.hashbank.lists.services.publishing import publish_list
from leeward.hashbank.models import HashList
from leeward.matching.lists import Matcher
from leeward.people.queries import token_of
from tests.hashbank.asking import key, with_key
from tests.hashbank.conftest import Desk, decide, file_hashes
from tests.personas import Cast

LISTS = "/api/v1/hash-lists/"
FORMS = ("csv", "ncmec", "plain", "snapshot")


@pytest.fixture
def fetch(cast: Cast, bank: Desk, client: Client):
    """The list `national`, which the key of a subscriber opens: `fetch("csv", since=1)`."""
    mine = key(cast, "subscriber")
    row = token_of(mine)
    assert row is not None
    open_list("national", formats=FORMS, readers=[row.id], actor=bank.supervisor)

    def fetching(form: str, since: object = "", **headers: str):
        answer = client.get(
            f"{LISTS}national/{form}", {"since": since} if since != "" else {}, **with_key(mine), **headers
        )
        answer.data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer

    fetching.key, fetching.id = mine, row.id
    return fetching


def gone_and_there(data: bytes) -> tuple[set[bytes], set[bytes]]:
    found = list(FORMATS["csv"].read(io.BytesIO(data)))
    return tuple({one.hashes[0].value for one in found if one.gone is gone} for gone in (True, False))


def md5(seed: int) -> bytes:
    return file_hashes(f"picture {seed}")[0].value


def test_versions_whole_and_in_steps(bank: Desk, fetch, client: Client, tmp_path: Path):
    first, _ = bank.add(1), bank.add(2)
    assert fetch("csv").json()["code"] == "nothing_published"
    publish_list("national", actor=bank.supervisor)
    whole = fetch("csv")
    assert gone_and_there(whole.data) == (set(), {md5(1), md5(2)})
    assert (whole["Leeward-Version"], whole["Leeward-Since"]) == ("1", "0")
    bank.add(3)
    decide(first, "not_illegal", actor=bank.supervisor)
    assert fetch("csv").data == whole.data  # a version stays what it is until the next one
    publish_list("national", actor=bank.supervisor)
    step = fetch("csv", since=1)
    assert gone_and_there(step.data) == ({md5(1)}, {md5(3)})
    assert (step["Leeward-Version"], step["Leeward-Since"]) == ("2", "1")
    assert fetch("csv", since=2).status_code == 304
    plain = fetch("plain", since=1)  # can't say what is gone, so it comes whole
    assert plain["Leeward-Since"] == "0"
    assert md5(2).hex().encode() in plain.data
    assert md5(1).hex().encode() not in plain.data
    assert b"<deletedImage>" in fetch("ncmec", since=1).data
    told = client.get(f"{LISTS}key").json()
    text = copy_text(list_name="national", form="csv", version=2, since=1, sha256=step["Leeward-SHA256"])
    assert is_signed(text, step["Leeward-Signature"], told["public_key"])
    with tarfile.open(fileobj=io.BytesIO(fetch("snapshot").data)) as archive:
        archive.extractall(tmp_path, filter="data")
    found = Matcher(tmp_path, key=told["public_key"]).check_hashes([{"md5": md5(3).hex()}, {"md5": md5(1).hex()}])
    assert [one.match for one in found] == ["known", "none"]
    open_list("national", baseline_only=True, actor=bank.supervisor)
    publish_list("national", actor=bank.supervisor)
    assert fetch("csv", since=2)["Leeward-Since"] == "0"  # what left with the change could not be told in steps
    with pytest.raises(BadInput):
        selection_of(HashList.objects.get(name="national"), 2)


def test_etag_ranges_and_gzip(bank: Desk, fetch):
    bank.add(1)
    publish_list("national", actor=bank.supervisor)
    whole = fetch("csv")
    assert fetch("csv", HTTP_IF_NONE_MATCH=whole["ETag"]).status_code == 304
    part = fetch("csv", HTTP_RANGE="bytes=5-", HTTP_IF_RANGE=whole["ETag"])
    assert (part.status_code, part.data) == (206, whole.data[5:])
    assert fetch("csv", HTTP_RANGE=f"bytes={len(whole.data)}-").status_code == 416
    import gzip

    packed = fetch("csv", HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(packed.data) == whole.data


def test_what_opens_nothing(cast: Cast, bank: Desk, fetch, client: Client):
    bank.add(1)
    publish_list("national", actor=bank.supervisor)
    assert [row["list"] for row in client.get(LISTS, **with_key(fetch.key)).json()] == ["national"]
    stranger = with_key(key(cast, "subscriber"))
    assert client.get(LISTS, **stranger).json() == []
    url = f"{LISTS}national/csv"
    for headers, status, code in (
        ({}, 401, "key_is_wrong"),
        (with_key("nothing"), 401, "key_is_wrong"),
        (with_key(key(cast, "check")), 403, "key_too_narrow"),
        (stranger, 404, "not_found"),
    ):
        answer = client.get(url, **headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    for form, since, status, code in (
        ("csv", "9", 409, "version_in_future"),
        ("csv", "-1", 400, "version_unreadable"),
        ("csv", "9" * 5000, 400, "version_unreadable"),
        ("vics", "", 404, "no_such_form"),
        ("..", "", 404, "no_such_form"),
    ):
        answer = fetch(form, since)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (form, since)
