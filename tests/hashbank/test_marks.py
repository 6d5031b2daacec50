"""What goes out carries its mark or stays: harmless in lists made for it alone, conflicts and what may not be passed on in none."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from io import BytesIO
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.hashbank.formats import FORMATS, Entry
from leeward.hashbank.lists.services.exporting import Selection, export_list, open_list, outgoing, selection_of
from leeward.hashbank.lists.services.importing import import_list
from leeward.hashbank.lists.services.joining import Batch
from leeward.hashbank.models import BankClock, Record, RecordHash, Source, Vote
from leeward.hashbank.queries import known
from leeward.hashbank.records.services.banks import bank_row
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.scene import bank_transaction
from leeward.hashbank.services import add_record, keep_bank, say_of_source, settle_record
from tests.hashbank.conftest import FACTS, Desk, file_hashes, picture_code
from tests.hashbank.test_import import bring, digests
from tests.personas import Cast


def exported(desk: Desk, form: str, **selection: Any) -> tuple[bytes, int, str]:
    out = BytesIO()
    _count, skipped = export_list(out, format_name=form, selection=Selection(**selection), actor=desk.supervisor)
    return out.getvalue(), skipped.count, skipped.why


@pytest.fixture
def three(bank: Desk) -> Desk:
    """One illegal file, one harmless, one about which sources disagree."""
    add_record(file_hashes("illegal"), source="IWF", facts=FACTS, actor=bank.analyst)
    add_record(file_hashes("holiday"), source="Stock photos", bank="look-alikes", actor=bank.analyst)
    for verdict in ("confirm", "harmless"):
        add_record(file_hashes("both"), source=verdict, verdict=verdict, actor=bank.analyst)
    return bank


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_list_holds_no_look_alike_and_a_list_of_look_alikes_nothing_else(three: Desk, form: str) -> None:
    def holds(data: bytes, name: str) -> bool:
        return digests(name)["md5"].encode() in data.lower()

    data, _left_out, _why = exported(three, form)
    assert [holds(data, name) for name in ("illegal", "holiday", "both")] == [True, False, False]
    harmless, left_out, why = exported(three, form, harmless=True)
    if form in ("ncmec", "plain"):
        assert not holds(harmless, "holiday")
        assert (left_out, "mark" in why) == (1, True)
    else:
        assert [holds(harmless, name) for name in ("illegal", "holiday", "both")] == [False, True, False]


@pytest.mark.parametrize(
    ("form", "match"),
    [("csv", "harmless"), ("vics", "none"), ("threatexchange", "none"), ("threatexchange-csv", "none")],
)
def test_another_installation_takes_a_look_alike_for_nothing_illegal(
    three: Desk, cast: Cast, tmp_path: Path, form: str, match: str
) -> None:
    path = tmp_path / "list"
    path.write_bytes(exported(three, form, harmless=True)[0])
    with scope(hotline=cast.other_hotline_id):
        import_list(path, source="Jamaica", format_name=form, actor=Actor("command"))
        assert [row.match for row in known(file_hashes("holiday"))] == ([match] if match != "none" else [])


def test_one_list_is_one_source_in_another_installation(three: Desk, cast: Cast, tmp_path: Path) -> None:
    add_record(file_hashes("illegal"), source="NCMEC", actor=three.analyst)
    for form in ("csv", "ncmec", "threatexchange"):
        path = tmp_path / form
        path.write_bytes(exported(three, form)[0])
        with scope(hotline=cast.other_hotline_id):
            import_list(path, source="Jamaica", format_name=form, actor=Actor("command"))
            (found,) = known(file_hashes("illegal"))
            assert (found.match, found.is_baseline) == ("known", False)


def test_a_named_list_of_look_alikes(three: Desk) -> None:
    row = open_list("safe", harmless=True, actor=three.supervisor)
    assert [one.is_harmless for one in outgoing(selection_of(row))] == [True]
    row = open_list("safe", harmless=False, actor=three.supervisor)
    assert [one.is_harmless for one in outgoing(selection_of(row))] == [False]


def test_what_may_not_be_passed_on_stays(bank: Desk, tmp_path: Path) -> None:
    rows = [
        {"id": str(number), "raw_indicator": digests(level)["sha256"], "type": "HASH_SHA256", "status": "MALICIOUS"}
        | {"share_level": level}
        for number, level in enumerate(("GREEN", "AMBER", "RED", "UNHEARD"))
    ]
    bring(bank, tmp_path / "te.json", json.dumps({"data": rows}).encode(), source="Platform")
    out = exported(bank, "plain")[0].decode()
    assert [digests(level)["sha256"] in out for level in ("GREEN", "AMBER", "RED", "UNHEARD")] == [
        True,
        False,
        False,
        False,
    ]
    assert all(known(file_hashes(level)) for level in ("GREEN", "AMBER", "RED", "UNHEARD"))


def test_a_descriptor_without_a_share_level_stays(bank: Desk, tmp_path: Path) -> None:
    row = {"id": "1", "raw_indicator": digests("x")["sha256"], "type": "HASH_SHA256", "status": "MALICIOUS"}
    for number, more in enumerate(({}, {"share_level": None}, {"share_level": ""})):
        bring(
            bank, tmp_path / f"{number}.json", json.dumps({"data": [row | more]}).encode(), source=f"Platform {number}"
        )
    assert known(file_hashes("x"))
    assert list(outgoing(Selection())) == []


def test_what_is_kept_here_states_no_fact_outside(bank: Desk, tmp_path: Path) -> None:
    row = {
        "raw_indicator": digests("x")["sha256"],
        "type": "HASH_SHA256",
        "status": "MALICIOUS",
        "share_level": "AMBER",
    }
    bring(bank, tmp_path / "te.json", json.dumps({"data": [row | {"id": "1"}]}).encode(), source="Platform")
    Vote.objects.update(facts=FACTS)
    add_record(file_hashes("x"), source="IWF", actor=bank.analyst)
    assert known(file_hashes("x"))[0].facts == FACTS
    (one,) = outgoing(Selection())
    assert (dict(one.facts), one.classification) == ({}, {})


class Answering(BaseHTTPRequestHandler):
    """Answers every request with the same document, as NCMEC's server answers `entries`."""

    document = b""

    def do_GET(self) -> None:  # the name that the library calls
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.document)))
        self.end_headers()
        self.wfile.write(self.document)

    def log_message(self, *_words: object) -> None:
        """Keep quiet."""


@pytest.fixture
def ncmec() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_client_of_python_threatexchange_reads_our_ncmec_form(bank: Desk, ncmec: HTTPServer) -> None:
    api = pytest.importorskip("threatexchange.exchanges.clients.ncmec.hash_api")
    picture = [*file_hashes("x"), Hash("pdq", picture_code(1), 90)]
    number = add_record(picture, source="IWF", label="A1", actor=bank.analyst)
    add_record(file_hashes("x"), source="Another agency", actor=bank.analyst)
    add_record(file_hashes("x"), source="A doubter", verdict="dispute", actor=bank.analyst)
    settle_record(number, "confirm", reason="Seen again.", actor=bank.supervisor)
    add_record(file_hashes("a video"), media="video", source="IWF", actor=bank.analyst)
    Answering.document = exported(bank, "ncmec")[0]
    host, port = ncmec.server_address[:2]
    client = api.NCMECHashAPI("user", "password", SimpleNamespace(value=f"http://{host!s}:{port}"))
    answer = client.get_entries()
    assert answer.max_timestamp > 0
    entry, video = answer.updates
    assert (entry.id, entry.deleted, entry.classification) == (str(number), False, "A1")
    assert entry.fingerprints["pdq"] == picture_code(1).hex()
    assert entry.fingerprints["md5"] == digests("x")["md5"]
    assert entry.member_id == Source.objects.get(is_ours=True).pk
    (said,) = entry.feedback.values()
    assert sorted((one.feedback_type.name, one.member.esp_name) for one in said) == [
        ("downvote", "A doubter"),
        ("upvote", "Another agency"),
        ("upvote", "IWF"),
    ]
    assert (video.entry_type.value, video.fingerprints["md5"]) == ("video", digests("a video")["md5"])


def test_what_left_a_list_is_a_tombstone_for_that_client(bank: Desk, ncmec: HTTPServer) -> None:
    api = pytest.importorskip("threatexchange.exchanges.clients.ncmec.hash_api")
    number = add_record(file_hashes("x"), source="IWF", actor=bank.analyst)
    since = Record.objects.get(pk=number).revision
    say_of_source(number, "dispute", source="A doubter", actor=bank.supervisor)
    Answering.document = exported(bank, "ncmec", since=since)[0]
    host, port = ncmec.server_address[:2]
    client = api.NCMECHashAPI("user", "password", SimpleNamespace(value=f"http://{host!s}:{port}"))
    (entry,) = client.get_entries().updates
    assert (entry.id, entry.deleted) == (str(number), True)


MD5, SHA1, SHA256 = (one for one in file_hashes("x"))


def heard(desk: Desk, source: str, share: str, *hashes: Hash, day: int = 1, gone: bool = False) -> None:
    """Bring one entry in, as a list of this source would."""
    keep_bank(actor=desk.supervisor)
    at = datetime(2026, 1, day, tzinfo=UTC)
    with bank_transaction() as revision:
        batch = Batch(source=source, bank_id=bank_row("general").pk, revision=revision, import_id=1, facts={})
        batch.take([Entry(1, hashes, share=share, foreign_id="7", gone=gone, at=at)])
    assert not batch.refused


def going_out(since: int = 0) -> list[tuple[bool, list[str]]]:
    return [(one.gone, [hash_.kind for hash_ in one.hashes]) for one in outgoing(Selection(since=since))]


@pytest.mark.parametrize("order", list(permutations(["marked", "open", "opener"])))
def test_a_hash_goes_out_only_if_somebody_brought_it_who_lets_it(bank: Desk, order: tuple[str, ...]) -> None:
    for one in order:
        match one:
            case "marked":
                heard(bank, "Platform", "amber", MD5, SHA1, SHA256)
            case "open":
                heard(bank, "IWF", "", MD5)
            case "opener":
                heard(bank, "NCMEC", "", MD5, SHA256)
    assert [(gone, sorted(kinds)) for gone, kinds in going_out()] == [(False, ["md5", "sha256"])]
    assert known([SHA1])  # it still counts here


def test_what_an_analyst_adds_goes_out_whoever_else_keeps_it(bank: Desk) -> None:
    heard(bank, "Platform", "red", MD5, SHA256)
    assert going_out() == []
    add_record([MD5], actor=bank.analyst)
    assert going_out() == [(False, ["md5"])]


def test_a_source_that_lets_go_and_one_that_takes_back_its_leave(bank: Desk) -> None:
    heard(bank, "IWF", "", MD5)
    heard(bank, "Platform", "amber", MD5, SHA256)
    heard(bank, "Platform", "", MD5, SHA256, day=2)
    assert going_out() == [(False, ["md5", "sha256"])]
    before = BankClock.objects.get().revision
    heard(bank, "Platform", "red", MD5, SHA256, day=3)
    assert going_out() == []  # who else brought them was not kept: until somebody brings them again
    assert going_out(since=before) == [(True, [])]
    heard(bank, "IWF", "", MD5, day=2)
    assert going_out() == [(False, ["md5"])]


def test_what_changed_names_nothing_that_stays_here_or_is_in_another_bank(bank: Desk) -> None:
    heard(bank, "Platform", "amber", MD5)
    bank.add(1, bank="secret")
    assert [hashes for _gone, hashes in going_out(since=1) if "md5" in hashes] == [["md5", "sha1", "sha256", "pdq"]]
    in_general = [one for one in outgoing(Selection(banks=("general",), since=1)) if one.hashes]
    assert in_general == []


def test_the_upgrade_keeps_every_hash_here_that_a_marked_entry_may_have_brought(bank: Desk) -> None:
    heard(bank, "IWF", "", MD5)
    heard(bank, "Platform", "amber", MD5, SHA256)
    bank.add(1)
    RecordHash.objects.update(kept_here=False)  # as it was before
    before = BankClock.objects.get().revision
    upgrade = import_module("leeward.hashbank.migrations.0004_marks_windows_and_second_persons")
    with connection.cursor() as cursor:
        upgrade.keep_here(None, cursor)
    assert [hashes for _gone, hashes in going_out()] == [["md5", "sha1", "sha256", "pdq"]]
    assert going_out(since=before) == [(True, [])]
    assert BankClock.objects.get().revision == before + 1
    heard(bank, "IWF", "", MD5, day=2)
    assert going_out()[0] == (False, ["md5"])
