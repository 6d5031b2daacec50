"""`POST /api/v1/check`: files and hashes, one and many, bad ones, limits, other hotlines, several processes, and no trace."""

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django_scopes import scope, scopes_disabled

from leeward.hashbank.models import Quarantine, RecordHash
from leeward.hashbank.services import add_record
from leeward.matching.hashing import hash_stream
from tests.hashbank.asking import jpeg, key, png, put_in, with_key
from tests.hashbank.conftest import FACTS, Desk, bits_off, decide, file_hashes, picture_code
from tests.matching.pictures import picture, saved
from tests.personas import Cast

CHECK = "/api/v1/check"
NONE = {"match": "none", "distance": None, "bank": None, "classification": None, "record": None, "alteration": None}


@pytest.fixture
def ask(cast, client: Client):
    """Send something to the check with a key of the first hotline."""
    mine = with_key(key(cast))

    def asking(data: object, kind: str = "image/png", **more: str):
        body = json.dumps(data) if kind == "application/json" else data
        return client.post(CHECK, body, content_type=kind, **(mine | more))

    asking.form = lambda *files: client.post(
        CHECK, {"file": [SimpleUploadedFile("a.png", one) for one in files]}, **mine
    )
    return asking


def test_a_known_picture_a_similar_one_and_another(cast: Cast, bank: Desk, ask):
    record = put_in(cast, png(0))
    assert ask(png(0)).json() == {
        "match": "known",
        "distance": 0,
        "bank": "general",
        "classification": "UK C",
        "record": record,
        "advice": "block",
        "note": None,
        "alteration": None,
    }
    near = ask(jpeg(0), "image/jpeg").json()
    assert (near["match"], near["record"], near["advice"]) == ("near", record, "review")
    assert 0 <= near["distance"] <= 12
    turned = saved(picture(320, 240, 0).rotate(180), "PNG").getvalue()
    assert ask(turned, "application/octet-stream").json()["match"] == "near"
    assert ask(png(5)).json() == NONE | {"advice": "allow", "note": None}


def test_hashes_one_or_many(cast: Cast, bank: Desk, ask):
    bank.add(1)
    row = hash_stream(BytesIO(png(0)), name="x.png").as_dict()
    put_in(cast, png(0))
    assert ask(row, "application/json").json()["match"] == "known"
    code = picture_code(1)
    answers = ask(
        [
            {"pdq": bits_off(code, 9).hex()},
            {"pdq": bits_off(code, 32).hex()},
            {"pdq": "zz"},
            {"md5": "1" * 31},
            {"x": 1},
        ],
        "application/json",
    ).json()
    assert [answer["match"] for answer in answers] == ["near", "none", "none", "none", "none"]
    assert answers[0]["distance"] == 9
    assert [bool(answer["note"]) for answer in answers] == [False, False, True, True, True]


def test_many_files_in_one_form_keep_their_order(cast: Cast, bank: Desk, ask):
    put_in(cast, png(0))
    answers = ask.form(png(5), png(0), b"no picture", png(6)[:900]).json()
    assert [answer["match"] for answer in answers] == ["none", "known", "none", "none"]
    assert [answer["advice"] for answer in answers] == ["allow", "block", "allow", "review"]
    assert len(ask.form(*[png(5)] * 100).json()) == 100
    refused = ask.form(*[b"x"] * 101)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_much_at_once")


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (png(0)[:2000], "review"),
        (jpeg(0)[:700], "review"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "review"),
    ],
)
def test_a_broken_picture_is_an_answer(bank: Desk, ask, data, advice):
    answer = ask(data)
    assert answer.status_code == 200
    assert answer.json()["advice"] == advice
    assert answer.json()["note"]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"3", "application/json", 400),
        (json.dumps([{"md5": "0" * 32}] * 101).encode(), "application/json", 413),
        (b"[" * 100_000, "application/json", 400),
        (b"x", "text/plain", 400),
        (b"nothing", "multipart/form-data; boundary=b", 400),
        (b"x", "multipart/form-data", 400),
        (bytes(25_200_000), "image/png", 413),
        (bytes(25_050_000), "image/png", 413),
        (bytes(5_000_001), "application/json", 413),
    ],
)
def test_what_is_no_request_is_refused_in_one_sentence(bank: Desk, ask, client, data, kind, status):
    answer = client.post(CHECK, data, content_type=kind, **with_key_of(ask))
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["title"]


def test_what_is_no_address_or_no_post_is_refused_as_json(bank: Desk, ask, client):
    for answer, status in ((client.get(CHECK), 405), (client.post("/api/v1/nothing"), 404)):
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        assert answer.json()["code"] == ("wrong_method" if status == 405 else "not_found")


def with_key_of(ask) -> dict[str, str]:
    return next(cell.cell_contents for cell in ask.__closure__ if isinstance(cell.cell_contents, dict))


def test_keys_and_hotlines(cast: Cast, bank: Desk, client: Client):
    put_in(cast, png(0))
    assert client.post(CHECK, png(0), content_type="image/png").status_code == 401
    narrow = with_key(key(cast, "subscriber"))
    assert client.post(CHECK, png(0), content_type="image/png", **narrow).status_code == 403
    others = with_key(key(cast, who="dora"))
    assert client.post(CHECK, png(0), content_type="image/png", **others).json()["match"] == "none"


def test_withdrawn_records_and_look_alikes_are_no_match(cast: Cast, bank: Desk, ask):
    record = put_in(cast, png(0))
    decide(record, "not_illegal", actor=bank.supervisor)
    assert ask(png(0)).json()["match"] == "none"
    put_in(cast, png(1), bank="look-alikes")
    assert ask(png(1)).json()["match"] == "none"


def test_one_key_cannot_switch_a_record_off(cast: Cast, bank: Desk, ask):
    bank.add(1)
    row = {"pdq": bits_off(picture_code(1), 3).hex()}
    answers = [answer for _ in range(3) for answer in ask([row] * 100, "application/json").json()]
    assert {(one["match"], one["advice"], one["note"]) for one in answers} == {("near", "review", None)}


def test_a_doubted_hash_is_for_a_person_with_a_note(cast: Cast, bank: Desk, ask):
    bank.add(1)
    Quarantine.objects.create(
        hotline_id=bank.hotline_id, hash=RecordHash.objects.get(kind=5), why="flood", at=datetime.now(UTC)
    )
    answer = ask({"pdq": picture_code(1).hex()}, "application/json").json()
    assert (answer["match"], answer["advice"]) == ("near", "review")
    assert "doubted" in answer["note"]


@pytest.mark.parametrize("order", [("confirm", "harmless"), ("harmless", "confirm")])
def test_illegal_and_harmless_together_are_for_a_person(cast: Cast, bank: Desk, ask, order):
    for verdict, source in zip(order, ("One NGO", "Stock photos"), strict=True):
        add_record(file_hashes("x"), source=source, verdict=verdict, facts=FACTS, actor=bank.analyst)
    answer = ask({"sha256": file_hashes("x")[2].value.hex()}, "application/json").json()
    assert (answer["match"], answer["advice"]) == ("known", "review")
    assert "harmless" in answer["note"]


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_what_was_added(cast: Cast, client: Client):
    """The index file of the bank is mapped by both; each takes in what the other has changed."""
    mine = with_key(key(cast))
    assert client.post(CHECK, png(0), content_type="image/png", **mine).json()["match"] == "none"
    program = """
import sys
from pathlib import Path
from leeward.site.start import start_watching
start_watching()
from django.conf import settings
from django_scopes import scope
from leeward.foundation.actor import Actor
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record
with scope(hotline=int(sys.argv[1])):
    add_record([Hash("pdq", bytes.fromhex(sys.argv[2]), 90)], actor=Actor("command"))
"""
    name = str(connection.settings_dict["NAME"])
    program = program.replace(
        "start_watching()\n",
        f"start_watching()\nfrom django.db import connections\nconnections['default'].settings_dict['NAME'] = {name!r}\n",
        1,
    )
    code = hash_stream(BytesIO(png(0))).pdq.code.hex()
    subprocess.run([sys.executable, "-c", program, str(cast.hotline_id), code], check=True, capture_output=True)
    assert client.post(CHECK, png(0), content_type="image/png", **mine).json()["match"] == "near"


def test_nothing_of_the_image_is_kept_or_logged(cast: Cast, bank: Desk, ask, caplog, capfd, settings, tmp_path):
    """Every log at its loudest, every row of every table, every file of the data directory."""
    put_in(cast, png(1))
    before = _everything(settings)
    caplog.set_level(logging.DEBUG)
    shown = hash_stream(BytesIO(png(0)), name="secret-name.png").as_dict()
    ask(png(0))
    ask(png(0)[:1500])
    ask.form(png(0), b"\xff\xd8\xff secret words")
    ask(shown, "application/json")
    ask({"pdq": "secret words"}, "application/json")
    ask(jpeg(1))
    traces = [shown[kind] for kind in ("md5", "sha1", "sha256", "pdq", "pdq_nn512")] + ["secret"]
    traces += [hash_stream(BytesIO(jpeg(1))).digests.sha256]
    said = caplog.text + "".join(capfd.readouterr()) + "".join(repr(record.__dict__) for record in caplog.records)
    now = _everything(settings)
    new = [row for row in now if row not in before]
    for trace in traces:
        assert trace not in said
        raw = bytes.fromhex(trace) if trace != "secret" else b"secret"
        assert not any(trace.encode() in row or raw in row for row in new)


def _everything(settings) -> set[bytes]:
    rows = set()
    with connection.cursor() as cursor, scopes_disabled():
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows |= {table.encode() + b"".join(_raw(value) for value in row) for row in cursor.fetchall()}
    files = [path for path in settings.LEEWARD.data_dir.rglob("*") if path.is_file() and "sqlite3" not in path.name]
    return rows | {path.read_bytes() for path in files}


def _raw(value: object) -> bytes:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


def test_the_scope_is_closed_again(cast: Cast, bank: Desk, ask):
    with scope(hotline=cast.other_hotline_id):
        assert ask(png(0)).json()["match"] == "none"
