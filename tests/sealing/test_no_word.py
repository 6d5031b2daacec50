"""What reporters write is on the disk in no byte that opens by itself, and what they take back opens from no backup."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django_scopes import scope
from pyrage import decrypt

from leeward.audit.keys import key_path, public_key
from leeward.audit.models import KeyPrint
from leeward.audit.rules.fingerprints import fingerprint_of
from leeward.backup.errors import KeysNotRight, WordsCopyMissing
from leeward.backup.making import create
from leeward.backup.reading import restore, verify
from leeward.casework.models import Case, Note
from leeward.casework.services import assess, claim_case, note
from leeward.foundation.actor import Actor
from leeward.hosting.models import Location
from leeward.intake import queries
from leeward.intake.models import Report, ReporterMessage
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import enter_report, receive_report, withdraw_report
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import NoticeCase
from leeward.notices.writing.kept_brief import kept
from leeward.people.services.tokens import issue_token
from leeward.sealing import keys, services, store
from leeward.sealing.age import key_of, new_key
from leeward.sealing.fields import Sealed, seal_together
from leeward.sealing.models import OlderWords
from leeward.sealing.queries import plain_columns
from leeward.sealing.rules.sealed_text import Unopened, names_in, open_text
from leeward.web_security.keys import new_form_key
from tests.intake.walk import Walk
from tests.migrations.databases import another
from tests.personas import Cast

pytestmark = pytest.mark.django_db(transaction=True)
ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its files to itself")
ON_POSTGRES = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the files of a server")
MARK = "marker-5e41"
AT = datetime(2026, 11, 29, 2, tzinfo=UTC)


@pytest.fixture
def within(cast: Cast) -> Iterator[Cast]:
    with scope(hotline=cast.hotline_id):
        yield cast


def told(cast: Cast, kind: str = "page", at: str = "http://a.example/x", **more: Any) -> int:
    """The number of a report of the public form."""
    draft = ReportDraft(kind=kind, items=item_drafts(at, {}), where=at, **more)
    form = {"language": "en", "form_key": new_form_key()}
    return receive_report(draft, hotline_id=cast.hotline_id, portal_id=cast.portal_id, **form).report_id


def in_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def bytes_on_disk() -> bytes:
    """Every byte of the data directory: database, its write-ahead log, the store of keys, keys."""
    return in_files(Path(connection.settings_dict["NAME"]).parent)


@ON_SQLITE
def test_no_byte_on_the_disk_holds_what_came_by_any_door(within: Cast) -> None:
    adam = within["adam"].actor
    walk = Walk(Client()).open("/jm/report")
    walk.send(
        "report",
        press="go=send",
        kind="page",
        where="http://a.example/x",
        text=f"{MARK} form",
        mail=f"{MARK}@mail.example",
    )
    receipt = walk.receipt
    asked = Walk(Client())
    asked.response = asked.client.post("/jm/receipt", {"receipt": receipt})
    asked.send(act="add", text=f"{MARK} added")
    partner = {"portal": "jm", "kind": "page", "where": "http://b.example/x", "text": f"{MARK} partner"}
    key = issue_token(name="Youth Line", scopes=["intake"], actor=adam)
    Client().post(
        "/api/v1/intake", json.dumps(partner), content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "a" * 16},
    )  # fmt: skip
    gateway = issue_token(name="Gateway", scopes=["sms"], actor=adam)
    for number, words in enumerate((f"{MARK} sms", "4", "http://c.example/x", "1")):
        Client().post(f"/jm/sms/plain/{gateway}", {"from": "+18765550155", "text": words, "id": str(number)})
    appeal = Walk(Client()).open("/jm/appeal")
    appeal.send(
        "appeal", address="http://d.example/x", relation="owner", text=f"{MARK} owner", mail=f"{MARK}@owner.example"
    )
    enter_report(
        ReportDraft(kind="page", items=item_drafts("http://e.example/x", {}), text=f"{MARK} call", contact=f"{MARK} 5550",
                    password=f"{MARK} word", referrer=f"http://{MARK}.example/"),
        hotline_id=within.hotline_id, portal_id=within.portal_id, source="telephone", language="en", actor=within["ana"].actor,
        form_key=new_form_key(),
    )  # fmt: skip
    told(within, kind="danger", at="http://f.example/x", text=f"{MARK} danger", password=f"{MARK} pass")
    run_until_idle()
    notice = NoticeCase.objects.get()
    assert any(f"{MARK} danger" in line for line in kept(notice).reporter_texts), "the police are to be told"
    opened = {report.source: report.text for report in Report.objects.exclude(kind="danger")}
    assert opened == {
        "form": f"{MARK} form", "partner": f"{MARK} partner", "sms": f"{MARK} sms", "telephone": f"{MARK} call"
    }  # fmt: skip
    assert [message.text for message in ReporterMessage.objects.filter(report__source="form")] == [f"{MARK} added"]
    assert Report.objects.get(source="sms").contact == "+18765550155"
    case = Case.objects.get(location__display="http://e.example/x")
    note(case.pk, text=f"{MARK} note", actor=within["ana"].actor)
    assert [one.text for one in Note.objects.all()] == [f"{MARK} note"]
    claim_case(case.pk, actor=within["ana"].actor)
    assess(case.pk, {}, outcome="not_found", reason=9, comment=f"{MARK} comment", actor=within["ana"].actor)
    assert Case.objects.get(pk=case.pk).close_comment == f"{MARK} comment"
    place = Location.objects.get(display="http://e.example/x")
    assert place.access == {"password": f"{MARK} word", "referrer": f"http://{MARK}.example/"}
    found = bytes_on_disk()
    assert MARK.encode() not in found
    assert b"8765550155" not in found


def bytes_of_server() -> bytes:
    """Every byte that the server keeps of this database, in its pages and in its write-ahead log, where its files can be read here."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        place = Path(cursor.fetchone()[0])
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        own = place / "base" / str(cursor.fetchone()[0])
        cursor.execute("CHECKPOINT")
    if not os.access(own, os.R_OK | os.X_OK):
        pytest.skip(f"the server keeps {place} to itself")
    return in_files(own) + in_files(place / "pg_wal")


@ON_POSTGRES
def test_no_byte_of_the_server_holds_what_was_told(within: Cast) -> None:
    mark, place = f"told-{uuid4().hex}", f"http://{uuid4().hex}.example/x"
    draft = ReportDraft(
        kind="page",
        items=item_drafts(place, {}),
        text=f"{mark} form",
        contact=f"{mark}@mail.example",
        password=f"{mark} word",
        referrer=f"http://{mark}.example/",
    )
    received = receive_report(
        draft, hotline_id=within.hotline_id, portal_id=within.portal_id, language="en", form_key=new_form_key()
    )
    run_until_idle()
    case = Case.objects.get(location__display=place)
    note(case.pk, text=f"{mark} note", actor=within["ana"].actor)
    assert queries.report(received.report_id).text == f"{mark} form"
    found = bytes_of_server()
    assert place.encode() in found, "an address is in plain text, or nothing is looked at here"
    assert mark.encode() not in found


@contextmanager
def known_to_backups() -> Iterator[None]:
    """The tests' database, by the name that a backup knows."""
    if connection.vendor == "postgresql":
        url = f"{os.environ['LEEWARD_DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
        with override_settings(LEEWARD=settings.LEEWARD.model_copy(update={"database_url": url})):
            yield
        return
    place = Path(connection.settings_dict["NAME"])
    name = place.parent / "leeward.sqlite3"
    name.symlink_to(place)
    try:
        yield
    finally:
        name.unlink()


def put_back(data: Path, url: str, query: str) -> dict[Any, Any]:
    """What a query gives of an installation that was restored: of its database, or of the store of keys on SQLite."""
    if url:
        with psycopg.connect(url) as database:
            return dict(database.execute(query.replace("data_key", "sealing_datakey").encode()).fetchall())
    with closing(sqlite3.connect(data / (store.FILE if "data_key" in query else "leeward.sqlite3"))) as file:
        return dict(file.execute(query))


def in_rows(url: str) -> bytes:
    """Every row of every table of a database on a server, as text; b"" without one."""
    if not url:
        return b""
    with psycopg.connect(url) as database:
        names = [name for (name,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        rows = [database.execute(f'SELECT whole::text FROM "{name}" AS whole'.encode()).fetchall() for name in names]
    return str(rows).encode()


def test_what_is_taken_back_opens_from_no_backup_and_the_rest_from_the_oldest(within: Cast, tmp_path: Path) -> None:
    """With every key that anybody has: that of the backups is the recovery key of the words, too."""
    raw, public = new_key()
    key, folder, restored = key_of(raw), tmp_path / "backups", tmp_path / "restored"
    before = {
        name: (settings.LEEWARD.data_dir / name).read_bytes() for name in (keys.KEY, keys.PUBLIC) if keys.are_there()
    }
    services.set_recovery(public, Actor("command"), AT)
    try:
        gone, stays = told(within, kind="danger", text=f"{MARK} gone"), told(within, text=f"{MARK} stays")
        run_until_idle()
        with known_to_backups():
            first = create(folder, [public], keep=9, waiting_since=None, now=AT)
            withdraw_report(gone)
            run_until_idle()
            create(folder, [public], keep=9, waiting_since=None, now=AT.replace(hour=3))
            verify(folder, first.name, key)
            with another(tmp_path / "other") as other:
                restore(folder, first.name, key, data=restored, database_url=other.url, now=AT)
                texts = put_back(restored, other.url, "SELECT id, text FROM intake_report")
                letters = put_back(restored, other.url, "SELECT id, reporter_texts FROM notices_noticecase")
                wrapped = put_back(restored, other.url, "SELECT name, wrapped FROM data_key")
                restored_whole = in_files(restored) + in_rows(other.url)
    finally:
        for name, content in before.items():
            (settings.LEEWARD.data_dir / name).write_bytes(content)
    assert MARK.encode() not in restored_whole
    assert b"http://a.example/x" in restored_whole, "an address is in plain text, or nothing is looked at here"
    assert b"http://a.example/x" not in in_files(folder)
    assert MARK.encode() not in in_files(folder)
    left = {bytes(name): bytes(sealed) for name, sealed in wrapped.items()}
    wanted = {name for number in (gone, stays) for name in names_in(texts[number])}
    held = {name: decrypt(left[name], [key]) for name in wanted & left.keys()}
    assert open_text(texts[stays], keys=held, place="intake_report.text") == f"{MARK} stays"
    with pytest.raises(Unopened):
        open_text(texts[gone], keys=held, place="intake_report.text")
    assert len(letters) == 1, "which quotes them to the police"
    assert not {name for letter in letters.values() for name in names_in(letter)} & left.keys()


def test_without_their_keys_all_but_the_words_is_put_back(within: Cast, tmp_path: Path) -> None:
    """With a copy of the keys of words that is lost for good, and with a key that the database knows by its fingerprint."""
    raw, public = new_key()
    key, folder = key_of(raw), tmp_path / "backups"
    public_key()
    known = fingerprint_of("audit.key", key_path().read_bytes())
    KeyPrint.objects.update_or_create(name="audit.key", defaults={"print": known, "kept_at": AT})
    number = told(within, text=MARK)
    with known_to_backups():
        made = create(folder, [public], keep=9, waiting_since=None, now=AT)
        assert verify(folder, made.name, key).name == made.name
        KeyPrint.objects.filter(name="audit.key").update(print="0" * 64)
        with pytest.raises(KeysNotRight, match="is not the one that its database was made with"):
            create(folder, [public], keep=1, waiting_since=None, now=AT.replace(hour=3))
        (folder / "words.keys").unlink()
        with another(tmp_path / "other") as other:
            lost = {"data": tmp_path / "new", "database_url": other.url, "now": AT}
            with pytest.raises(WordsCopyMissing):
                restore(folder, made.name, key, **lost)
            assert restore(folder, made.name, key, without_words=True, **lost).words_fault == "words.keys is missing"
            assert number in put_back(tmp_path / "new", other.url, "SELECT id, text FROM intake_report")
            if other.url:
                assert put_back(tmp_path / "new", other.url, "SELECT name, wrapped FROM data_key") == {}
                known_copies = put_back(tmp_path / "new", other.url, "SELECT 1, copied FROM sealing_wordsstore")
                assert known_copies in ({}, {1: ["none"]}), "a copy that turns up is one whose keys it doesn't have"
    assert not (tmp_path / "new" / store.FILE).exists()


def test_taking_back_destroys_the_keys_of_every_word(within: Cast) -> None:
    before = store.count()
    mine = told(within, text=MARK, contact=f"{MARK}@mail.example", password=MARK, referrer=f"http://{MARK}.example/")
    assert store.count() == before + 4
    withdraw_report(mine)
    assert store.count() == before


def test_a_kill_between_words_and_keys_leaves_no_word_without_its_key(
    within: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where keys have a file of their own: they are there first; whatever is left of one without words goes in a night to come."""
    services.sweep()  # keys of tests before this one
    before = store.count()
    mine = told(within, text=MARK)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as at_once:
        at_once.setattr("leeward.intake.services.storing.announce_received", killed)
        with pytest.raises(KeyboardInterrupt):
            told(within, text=MARK)
    if connection.vendor == "sqlite":
        assert store.count() == before + 2
    assert services.sweep() == 0, "its words may be on their way"
    monkeypatch.setattr(store, "today", lambda: int(datetime.now(UTC).timestamp()) // 86_400 + 2)
    services.sweep()
    assert queries.report(mine).text == MARK
    in_use = sum(bool(row.__dict__["text"]) for row in Report.objects.all())
    assert store.count() >= in_use
    assert services.sweep() == 0


def test_words_from_before_are_sealed_some_at_a_time_and_go_on_where_they_were(within: Cast) -> None:
    numbers = [told(within, text=f"{MARK} {number}") for number in range(3)]
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("UPDATE intake_report SET text = %s WHERE id = %s", [f"{MARK} old {number}", number])
    assert plain_columns() == ["intake_report.text"]
    assert queries.report(numbers[0]).text == f"{MARK} old {numbers[0]}"
    assert services.seal_older(AT, most=2) == 2
    assert plain_columns() == ["intake_report.text"]
    assert services.seal_older(AT, most=2) == 1
    services.seal_older(AT)
    assert plain_columns() == []
    assert OlderWords.objects.filter(done_at=None).count() == 0
    assert [queries.report(number).text for number in numbers] == [f"{MARK} old {number}" for number in numbers]
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM intake_report")
        assert all(text.startswith("sealed1.") for (text,) in cursor.fetchall())


def test_a_process_without_the_key_shows_a_sentence_and_takes_reports(
    within: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = told(within, text=f"{MARK} before")
    monkeypatch.setattr(keys._Held, "allowed", False)
    assert queries.report(mine).text == "[These words are sealed, and can’t be opened here.]"
    assert queries.report(mine).contact == ""
    later = told(within, text=f"{MARK} later")
    monkeypatch.setattr(keys._Held, "allowed", True)
    assert queries.report(later).text == f"{MARK} later"


def test_notes_have_a_key_together_that_outlives_what_was_rolled_back(within: Cast) -> None:
    def sealed(text: str) -> Sealed:
        return seal_together(text, "casework_note.text")

    one, other = sealed("One."), sealed("Other.")
    assert one.names == other.names
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        raise_after(sealed("Lost."))
    services.rotate(Actor("command"), AT)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        raise_after(sealed("Lost, with the first key of its day."))
    last = sealed("Last.")
    assert last.names != one.names
    assert services.reseal() == 0
    for text, words in ((one, "One."), (other, "Other."), (last, "Last.")):
        assert Sealed(text.raw, text.place).open() == words


def raise_after(_text: Sealed) -> None:
    raise KeyboardInterrupt
