"""Words that were deleted are in no byte of the database's files: not in its log, not in pages that are free by now."""

import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.casework.assessment.services import drafts
from leeward.casework.models import Case, Draft
from leeward.intake.models import Item, Report
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import add_to_report, erase_contacts, receive_report, withdraw_report
from leeward.jobs import erasing
from leeward.jobs.models import Job
from leeward.jobs.services import erased
from leeward.jobs.worker import run_until_idle
from leeward.sealing import store
from leeward.tables import SearchIndex
from leeward.web_security.keys import new_form_key
from tests.personas import Cast

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "marker-7f3a"
ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its files to itself")


def kept() -> bytes:
    """Every byte of the database's files and of what lies beside them."""
    place = Path(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        pytest.fail("asks PostgreSQL itself")
    return b"".join(path.read_bytes() for path in place.parent.rglob("*") if path.is_file())


def tell(cast: Cast, mark: str) -> int:
    long = " ".join([mark] * 400)  # pages of its own as well
    told = ReportDraft(
        kind="page", items=item_drafts("http://a.example/x", {}), where=f"http://a.example/x {mark}", text=long
    )
    received = receive_report(
        told, hotline_id=cast.hotline_id, portal_id=cast.portal_id, language="en", form_key=new_form_key()
    )
    return received.report_id


def wait_for_worker() -> None:
    """What was put off for a minute, because somebody still read the file, is done too."""
    run_until_idle()
    run_until_idle(datetime.now(UTC) + timedelta(minutes=1))


@pytest.fixture(autouse=True)
def _file_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of tests before these may have made it large."""
    monkeypatch.setattr(erasing, "AT_ONCE_BYTES", 10**12)


@pytest.fixture
def within(cast: Cast) -> Iterator[Cast]:
    with scope(hotline=cast.hotline_id):
        yield cast


@ON_SQLITE
def test_a_withdrawn_report_leaves_no_byte(within: Cast) -> None:
    report_id = tell(within, MARK)
    add_to_report(report_id, text=f"More of {MARK}.", form_key=new_form_key())
    assert MARK.encode() in kept()
    withdraw_report(report_id)
    assert MARK.encode() not in kept()


@ON_SQLITE
def test_contacts_and_drafts_leave_no_byte(within: Cast) -> None:
    report_id = tell(within, "other words")
    now = datetime.now(UTC)
    Report.objects.filter(pk=report_id).update(contact=f"{MARK}@reporter.example", closed_at=now)
    (sealed,) = Report.objects.values_list("contact", flat=True)
    (key,) = store.get(sealed.names).values()
    assert MARK.encode() not in kept()
    assert sealed.raw.encode() in kept()
    assert key in kept()
    erase_contacts(now + timedelta(days=365))
    assert sealed.raw.encode() not in kept()
    assert key not in kept(), "no backup of the words opens any more"

    run_until_idle()
    case = Case.objects.get()
    Draft.objects.create(
        hotline_id=within.hotline_id, case=case, by_id=within["ana"].account_id, kind="note", text=MARK, at=now
    )
    (begun,) = Draft.objects.values_list("text", flat=True)
    assert MARK.encode() not in kept()
    assert begun.raw.encode() in kept()
    drafts.forget_old_drafts(now + timedelta(days=365))
    assert begun.raw.encode() not in kept()


@ON_SQLITE
def test_a_long_reader_holds_nobody_up_and_is_waited_for(within: Cast) -> None:
    report_id = tell(within, MARK)
    reader = sqlite3.connect(connection.settings_dict["NAME"])
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM intake_report").fetchone()
    withdraw_report(report_id)
    assert MARK.encode() in kept(), "the reader must hold the log, or this test sees nothing"
    run_until_idle()
    waiting = Job.objects.get(kind=erasing.EMPTY_LOG)
    assert (waiting.dead, waiting.attempts) == (False, 0)
    reader.close()
    run_until_idle(datetime.now(UTC) + timedelta(minutes=1))
    assert MARK.encode() not in kept()
    assert not Job.objects.filter(kind__startswith="jobs.", hotline_id=0).exclude(kind="jobs.keep_statistics").exists()


@ON_SQLITE
def test_what_moved_between_pages_goes_when_the_file_is_written_anew() -> None:
    """SQLite overwrites what it deletes, but not always the old place of a row that it moved to another page."""
    chance = random.Random(4)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch (id integer PRIMARY KEY, words text)")
        try:
            rows = [(chance.getrandbits(40), MARK + "x" * chance.choice([30, 800, 5000])) for _ in range(1500)]
            with hotline_transaction():
                for row in rows:
                    cursor.execute("INSERT INTO scratch VALUES (%s, %s)", row)
            with hotline_transaction():
                cursor.execute("UPDATE scratch SET words = ''")
                erased()
            assert MARK.encode() in kept(), "no row was moved, so this test sees nothing"
            wait_for_worker()
            assert MARK.encode() not in kept()
        finally:
            cursor.execute("DROP TABLE scratch")


@ON_SQLITE
def test_a_search_index_keeps_no_part_of_deleted_words(within: Cast) -> None:
    """It keeps words in parts of three letters, deleted ones too until its pieces are merged."""
    rare = "\u0298\u01bb\u01c2\u0780\u07ca"  # three letters of the alphabet may stand in any random token of the file
    report_id, parts = tell(within, "other words"), [rare[at : at + 3].encode() for at in range(3)]
    with hotline_transaction():
        Item.objects.create(
            hotline_id=within.hotline_id, report_id=report_id, kind="words", typed=f"{rare} there",
            display=f"{rare} there", comparable=f"{rare} there", state_changed_at=datetime.now(UTC),
        )  # fmt: skip
    run_until_idle()
    assert all(part in kept() for part in parts)
    withdraw_report(report_id)
    wait_for_worker()
    assert not any(part in kept() for part in parts)


# What was done to an index before, with a merge after some (M): all pieces end on the lowest of several levels.
HISTORIES = ["short long M short M none", "short long M short M none short"]
WORDS = {"short": "http://a.example", "long": "".join(map(chr, range(0x4E00, 0x4E00 + 600)))}
SCRATCH = SearchIndex(
    "scratch_words",
    "CREATE VIRTUAL TABLE scratch_words USING fts5(words, content='scratch', content_rowid='id', tokenize='trigram', detail='none')",
    {
        "add": "AFTER INSERT ON scratch BEGIN INSERT INTO scratch_words(rowid, words) VALUES (new.id, new.words); END",
        "drop": "AFTER DELETE ON scratch BEGIN "
        "INSERT INTO scratch_words(scratch_words, rowid, words) VALUES ('delete', old.id, old.words); END",
    },
)


@ON_SQLITE
@pytest.mark.parametrize("small", [erasing.SMALL_INDEX_PAGES, 0], ids=["made anew", "merged in steps"])
@pytest.mark.parametrize("history", HISTORIES)
def test_a_search_index_is_cleared_whatever_happened_to_it(
    history: str, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FTS5 alone, asked to merge everything, keeps these deleted words."""
    monkeypatch.setattr(erasing, "SMALL_INDEX_PAGES", small)
    rare = "\u0298\u01bb\u01c2\u0780\u07ca"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch (id integer PRIMARY KEY, words text)")
        try:
            SCRATCH.make_on_sqlite(connection)
            for step in history.split():
                if step == "M":
                    erasing._merge(cursor, SCRATCH.name)
                elif step == "none":
                    cursor.execute("DELETE FROM scratch")
                else:
                    cursor.execute("INSERT INTO scratch (words) VALUES (%s)", [WORDS[step]])
            cursor.execute("INSERT INTO scratch (words) VALUES (%s)", [rare])
            cursor.execute("DELETE FROM scratch WHERE words = %s", [rare])
            assert erasing.rewrite()
            assert rare[:3].encode() not in kept()
            cursor.execute("INSERT INTO scratch_words(scratch_words) VALUES ('integrity-check')")
        finally:
            SCRATCH.remove(connection)
            cursor.execute("DROP TABLE scratch")


@ON_SQLITE
def test_a_large_file_is_written_anew_at_night(within: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE_BYTES", 1)
    withdraw_report(tell(within, MARK))
    run_until_idle()
    night = Job.objects.get(kind=erasing.REWRITE)
    assert (night.due_at.hour, night.due_at > datetime.now(UTC)) == (erasing.NIGHT_HOUR, True)
    run_until_idle(night.due_at)
    assert not Job.objects.filter(kind=erasing.REWRITE).exists()
    noon = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert erasing.next_night(noon) == datetime(2026, 11, 28, 3, tzinfo=UTC)
    assert erasing.next_night(noon - timedelta(hours=10)) == datetime(2026, 11, 27, 3, tzinfo=UTC)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no VACUUM of one table")
def test_postgresql_frees_the_old_rows_of_the_tables(within: Cast) -> None:
    """What it can do: no old version of the row is left; its bytes are overwritten when the space is used again."""
    report_id = tell(within, MARK)
    withdraw_report(report_id)
    with connection.cursor() as cursor:
        assert versions(cursor) > 1
        end = time.monotonic() + 60
        while versions(cursor) > 1 and time.monotonic() < end:  # other connections' snapshots pass
            run_until_idle(datetime.now(UTC) + timedelta(minutes=1))
        assert versions(cursor) == 1


def versions(cursor: Any) -> int:
    """How many versions of rows of the table of reports are in its pages, by PostgreSQL's own reader of pages."""
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
    cursor.execute(
        "SELECT count(*) FROM generate_series(0, pg_relation_size('intake_report') / 8192 - 1) page, "
        "heap_page_items(get_raw_page('intake_report', page::int)) WHERE t_data IS NOT NULL"
    )
    return int(cursor.fetchone()[0])
