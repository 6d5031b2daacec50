"""What comes when the public face was taken over, and what a kill leaves behind."""

import base64
import secrets
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection, connections, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django_scopes import scope
from pyrage import encrypt, x25519

from leeward.intake.models import Report, ReporterMessage
from leeward.sealing import keys
from leeward.sealing.errors import WordsKeyUnusable
from leeward.site.apart.guarded import MOST_BYTES
from leeward.spool import envelope, services, where
from leeward.spool.errors import ELSEWHERE, FAILED, TOO_BIG, UNKNOWN, UNOPENED, UNREADABLE, WAITS
from leeward.spool.models import Arrival, Card, Emptied, Mark, Taken
from leeward.spool.queries import kept_back, oldest_waiting
from leeward.spool.queries.kept import kept_back_page, words_of
from leeward.spool.taking import note_empty
from leeward.spool.tasks import try_urgent_again
from leeward.spool.values import MOST_SIZE
from leeward.web_security.keys import new_form_key
from leeward.web_security.models import Bucket, UsedKey
from leeward.web_security.services import forget_old
from tests.intake.walk import Walk, report
from tests.personas import Cast
from tests.spool.conftest import Face
from tests.spool.test_reports import PLACE, WORDS, arrivals, cards, opened, pull, sent, the_report

pytestmark = pytest.mark.django_db


def sealed(raw: bytes) -> str:
    return base64.b85encode(encrypt(raw, list(keys.recipients()[0]))).decode()


def fields(**more: object) -> dict[str, object]:
    return {"once": new_form_key(), "kind": "page", "where": PLACE, "text": WORDS} | more


def written(cast: Cast, said: Any = None, **more: Any) -> Arrival:
    values: dict[str, Any] = {
        "name": secrets.token_hex(16),
        "digest": secrets.token_hex(32),
        "kind": "report",
        "hotline_number": cast.hotline_id,
        "portal_number": cast.portal_id,
        "language": "en",
        "received_at": datetime.now(UTC),
        "receipt": secrets.token_hex(32),
    } | more
    row = Arrival(**values)
    if "sealed" not in more:
        said = {"fields": fields()} if said is None else said
        row.sealed = sealed(said) if isinstance(said, bytes) else envelope.sealed(row, said)
    row.save(using=where.alias())
    return row


@pytest.mark.usefixtures("apart")
def test_rubbish_stays_and_stops_nothing(cast: Cast) -> None:
    theirs = x25519.Identity.generate().to_public()
    wrong = {
        "rubbish": written(cast, sealed="rubbish"),
        "half a file": written(cast, sealed=base64.b85encode(b"age-encryption.org/v1\n").decode()),
        "of another key": written(cast, sealed=base64.b85encode(encrypt(b"{}", [theirs])).decode()),
        "no JSON": written(cast, b"\xff\xfe"),
        "deep": written(cast, b"[" * 100_000),
        "no fields": written(cast, {"fields": 3}),
        "no texts": written(cast, {"fields": fields(text=["a"])}),
        "no kind": written(cast, {"fields": fields(kind="unheard")}),
        "a key of nobody": written(cast, {"fields": fields(once="made-up")}),
        "too long": written(cast, {"fields": fields(text="a" * 20_001)}),
        "many turns": written(cast, {"fields": fields(), "turn": 10**9}),
        "no receipt": written(cast, receipt="x"),
        "an unheard act": written(cast, kind="unheard"),
        "of nobody": written(cast, kind="own_picture", said={"lines": "x", "happened": "x", "wish": "x"}),
        "of no portal": written(cast, portal_number=10**9),
        "of another hotline": written(cast, hotline_number=cast.other_hotline_id),
        "huge": written(cast, sealed="a" * (MOST_SIZE + 1)),
    }
    good = written(cast)
    while pull():
        pass
    codes = {
        "rubbish": UNOPENED, "half a file": UNOPENED, "of another key": UNOPENED, "an unheard act": UNKNOWN,
        "of no portal": ELSEWHERE, "of another hotline": ELSEWHERE, "huge": TOO_BIG,
    }  # fmt: skip
    problems = dict(Arrival.objects.using(where.alias()).values_list("pk", "problem"))
    assert {name: problems[row.pk] for name, row in wrong.items()} == dict.fromkeys(wrong, UNREADABLE) | codes
    assert not Arrival.objects.using(where.alias()).filter(pk=good.pk).exists()
    assert the_report(cast).text == WORDS
    assert sum(kept_back().values()) == len(wrong)
    with scope(hotline=cast.other_hotline_id):
        assert not Report.objects.exists()


@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL’s columns have types")
def test_columns_of_other_types_stop_nothing(cast: Cast) -> None:
    for column in ("received_at", "hotline_number", "portal_number", "is_urgent", "language", "kind", "receipt"):
        for raw in ("X'00FF'", "CAST(X'FF' AS text)", "CAST(zeroblob(2100000) AS text)", "'0001-01-01 00:00:00+14:00'"):
            row = written(cast)
            with connections[where.alias()].cursor() as cursor:
                cursor.execute(f"UPDATE spool_arrival SET {column} = {raw} WHERE id = %s", [row.pk])
    good = written(cast)
    while pull():
        pass
    assert not Arrival.objects.using(where.alias()).filter(pk=good.pk).exists()
    with scope(hotline=cast.hotline_id):
        assert Report.objects.filter(receipt_hash=good.receipt).exists()
    found = Arrival.objects.using(where.alias()).values_list("problem")
    assert dict(found.annotate(Count("pk")).order_by())[TOO_BIG] == 7, "and never read"


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no such limit")
def test_values_that_the_desk_can_neither_read_nor_write_stop_nothing(cast: Cast) -> None:
    """Its connection takes no value above a size; whoever took the face over has one of their own, without that limit."""
    rows = {column: written(cast, sealed="rubbish") for column in ("name", "sealed", "shows", "receipt", "kind")}
    put_back = written(cast, sealed="rubbish", problem=FAILED, is_urgent=True)
    with closing(sqlite3.connect(connections[where.ALIAS].settings_dict["NAME"], isolation_level=None)) as theirs:
        theirs.execute("PRAGMA ignore_check_constraints = ON")
        for column, pk in [*((column, row.pk) for column, row in rows.items()), ("sealed", put_back.pk)]:
            theirs.execute(f"UPDATE spool_arrival SET {column} = CAST(zeroblob(65000000) AS text) WHERE id = ?", [pk])
    good = written(cast)
    desk = connections[where.ALIAS].connection
    usual = desk.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    try:
        pull()
        try_urgent_again()
        services.try_again()
        pull()
        assert the_report(cast).text == WORDS
        assert kept_back() == {cast.hotline_id: 1}
        (line,) = kept_back_page(cast.hotline_id, 1).rows
        assert (line.number, words_of(line)) == (put_back.pk, None)
        assert oldest_waiting() is not None, "an alarm says that something waits"
    finally:
        desk.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, usual)
    assert not Arrival.objects.using(where.alias()).filter(pk=good.pk).exists()


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no such limit")
@pytest.mark.parametrize("column", ["receipt", "once", "kind"])
def test_a_card_of_any_size_stops_no_other(
    cast: Cast, face: Face, column: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever took the face over writes what the desk's connection can neither read nor write."""
    sent(face)
    mine = sent(face)
    while pull():
        pass
    with closing(sqlite3.connect(connections[where.ALIAS].settings_dict["NAME"], isolation_level=None)) as theirs:
        theirs.execute("PRAGMA ignore_check_constraints = ON")
        theirs.execute(
            f"UPDATE spool_card SET {column} = CAST(zeroblob(65000000) AS text) WHERE number = (SELECT min(number) FROM spool_card)"
        )
    desk = connections[where.ALIAS].connection
    usual = desk.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    try:
        with scope(hotline=cast.hotline_id):
            numbers = list(Report.objects.order_by("pk").values_list("pk", flat=True))
        for number in numbers:
            services.mark("report", number, cast.hotline_id)
        services.push()
        assert not Mark.objects.exists()
        for write in (services.push, services.compare):
            assert Card.objects.using(where.alias()).filter(number=numbers[1]).update(shows={}) == 1
            services.mark("report", numbers[1], cast.hotline_id)
            write()
            with face():
                assert "Where it stands" in opened(mine).text
    finally:
        desk.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, usual)
    assert ("card.too_large" in caplog.text) == (column != "receipt")


@pytest.mark.usefixtures("apart")
def test_a_file_for_a_crowd_of_recipients_is_not_tried_with_each(cast: Cast) -> None:
    """A thousand of them, in an arrival of ordinary size, take ten seconds of processor time."""
    real = encrypt(b"{}", list(keys.recipients()[0]))
    version, rest = real.split(b"\n", 1)
    others = "".join(f"-> X25519 {line()}\n{line()}\n" for _number in range(1000)).encode()
    written(cast, sealed=base64.b85encode(version + b"\n" + others + rest).decode())
    written(cast, sealed=base64.b85encode(version + b"\n-> X25519 " + b"a" * 20_000 + b"\n" + rest).decode())
    began = time.process_time()
    pull()
    assert time.process_time() - began < 5
    assert [row.problem for row in arrivals()] == [UNOPENED, UNOPENED]


def line() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL’s columns have types")
def test_what_is_no_hotline_is_counted_all_the_same(cast: Cast) -> None:
    written(cast, problem=FAILED)
    for harm in ("CAST(X'FF' AS text)", "X'00FF'", "'none'"):
        row = written(cast, problem=FAILED)
        with connections[where.alias()].cursor() as cursor:
            cursor.execute(f"UPDATE spool_arrival SET hotline_number = {harm} WHERE id = %s", [row.pk])
    assert kept_back() == {cast.hotline_id: 1, 0: 3}


@pytest.mark.usefixtures("apart")
def test_a_language_that_no_page_is_in_is_the_portals(cast: Cast) -> None:
    for language in ("fr", "<b>", "../../etc", "en\nX-Odd: 1", "", "xx"):
        written(cast, language=language)
    pull()
    with scope(hotline=cast.hotline_id):
        assert [row.language for row in Report.objects.order_by("pk")] == ["fr", "en", "en", "en", "en", "en"]


@pytest.mark.usefixtures("apart")
def test_it_can_claim_no_receipt_no_time_and_no_source_of_others(cast: Cast, face: Face) -> None:
    receipt = sent(face)
    pull()
    (mine,) = cards()
    later = datetime.now(UTC) + timedelta(days=900)
    said = {"fields": fields(source="police"), "rehearsal": "made-up", "source": "police", "entered_by": 1}
    written(cast, said, receipt=mine.receipt, received_at=later)
    pull()
    with scope(hotline=cast.hotline_id):
        first, second = Report.objects.order_by("pk")
    assert (first.receipt_hash, second.receipt_hash == mine.receipt) == (mine.receipt, False)
    assert (second.source, second.entered_by_id, second.received_at < later) == ("form", None, True)
    with face():
        assert "Where it stands" in opened(receipt).text


@pytest.mark.usefixtures("apart")
def test_who_knows_what_is_stored_of_a_receipt_can_do_nothing_with_it(cast: Cast, face: Face) -> None:
    receipt = sent(face)
    pull()
    (mine,) = cards()
    for kind, said in (
        ("withdrawn", {}),
        ("withdrawn", {"receipt": mine.receipt}),
        ("withdrawn", {"receipt": "1" * 16}),
        ("withdrawn", {"receipt": 7}),
        ("added", {"text": "Not from me.", "once": new_form_key()}),
    ):
        written(cast, said, kind=kind, receipt=mine.receipt)
    assert pull() == 5
    assert {row.problem for row in arrivals()} == {UNREADABLE}
    with scope(hotline=cast.hotline_id):
        assert (Report.objects.get().withdrawn_at, ReporterMessage.objects.count()) == (None, 0)
    with face():
        opened(receipt).send(act="withdraw")
    pull()
    assert (the_report(cast).withdrawn_at is None, arrivals()) == (False, []), "what was forged goes with it"


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize(
    "change", ["hotline", "time", "receipt", "kind", "language", "a copy", "an older copy", "the same"]
)
def test_what_waits_cannot_be_made_anothers(cast: Cast, face: Face, change: str) -> None:
    sent(face)
    (waiting,) = arrivals()
    changes: dict[str, dict[str, Any]] = {
        "hotline": {"hotline_number": cast.other_hotline_id, "portal_number": cast.other_portal_id},
        "time": {"received_at": datetime(2001, 1, 1, tzinfo=UTC)},
        "receipt": {"receipt": "f" * 64},
        "kind": {"kind": "own_picture"},
        "language": {"language": "../../etc"},
    }
    rows = Arrival.objects.using(where.alias())
    if change in changes:
        rows.filter(pk=waiting.pk).update(**changes[change])
    else:
        if change != "a copy":
            pull()
            services.forget_taken(datetime.now(UTC) + timedelta(days=300))
        name = waiting.name if change == "the same" else "0" * 32
        waiting.pk, waiting.name, waiting.digest = None, name, "1" * 64
        waiting.save(using=where.alias(), force_insert=True)
    pull()
    assert [row.problem for row in arrivals()] == ([] if change == "the same" else [UNREADABLE])
    taken = 1 if "copy" in change or change == "the same" else 0
    with scope(hotline=cast.hotline_id):
        assert Report.objects.count() == taken
    with scope(hotline=cast.other_hotline_id):
        assert not Report.objects.exists()


@pytest.mark.usefixtures("apart")
def test_killed_between_the_two_commits_nothing_is_taken_in_twice(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = sent(face)
    with face():
        opened(receipt).send(act="add", text="One thing more.")

    def killed(_settled: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(services, "_push", killed)
        with pytest.raises(KeyboardInterrupt):
            pull()
    assert len(arrivals()) == 2, "the desk has them, and the spool still does"
    with face():
        assert "Where it stands" in opened(receipt).text
    assert pull() == 2
    assert arrivals() == []
    with scope(hotline=cast.hotline_id):
        assert Report.objects.count() == 1
        assert Report.objects.get().messages.count() == 1
    assert Taken.objects.count() == 2


@pytest.mark.usefixtures("apart")
def test_a_database_that_is_away_loses_nothing(cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(face)

    def away(*_anything: object, **_more: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling._receive", away)
        with pytest.raises(OperationalError):
            pull()
    assert [row.problem for row in arrivals()] == [""]
    assert pull() == 1


@pytest.mark.usefixtures("apart")
def test_a_key_of_ours_that_is_damaged_puts_nothing_aside(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(face)

    def damaged(*_anything: object, **_more: object) -> None:
        raise WordsKeyUnusable(what="is damaged")

    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling._receive", damaged)
        with pytest.raises(WordsKeyUnusable):
            pull()
    assert [row.problem for row in arrivals()] == [""]


@pytest.mark.usefixtures("apart")
def test_what_is_urgent_and_fails_is_an_alarm_and_is_tried_again_soon(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    with face():
        report(Walk(), kind="danger", where=PLACE, text=WORDS)
    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling.report_draft", None)
        pull()
    assert oldest_waiting() is not None
    try_urgent_again()
    pull()
    assert (oldest_waiting(), the_report(cast).urgency) == (None, "danger")


@pytest.mark.usefixtures("apart")
def test_what_fails_is_tried_again_and_what_belongs_to_it_waits(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = sent(face)
    with face():
        opened(receipt).send(act="add", text="One thing more.")
    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling.report_draft", None)
        assert pull() == 2
    assert [row.problem for row in arrivals()] == [FAILED, WAITS]
    assert kept_back() == {cast.hotline_id: 2}
    with face():
        assert "Where it stands" in opened(receipt).text
    services.try_again()
    assert pull() == 2
    assert (the_report(cast).text, kept_back()) == (WORDS, {})


@pytest.mark.usefixtures("apart")
def test_what_fails_can_be_withdrawn(cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = sent(face)
    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling.report_draft", None)
        pull()
    with face():
        opened(receipt).send(act="withdraw")
    assert pull() == 1
    assert (arrivals(), cards()) == ([], [])
    receipt = sent(face, where="http://c.example/z")
    with face():
        opened(receipt).send(act="withdraw")
    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling.report_draft", None)
        assert pull() == 2
    assert (arrivals(), cards()) == ([], [])
    with scope(hotline=cast.hotline_id):
        assert not Report.objects.exists()


@pytest.mark.usefixtures("apart")
def test_a_process_without_the_key_pulls_nothing_and_loses_nothing(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(face)
    with monkeypatch.context() as patch:
        patch.setattr(keys._Held, "allowed", False)
        assert pull() == 0
    assert pull() == 1


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
def test_ten_thousand_that_wait_let_an_urgent_one_pass(cast: Cast, face: Face) -> None:
    rows = Arrival.objects.using(where.alias())
    rows.bulk_create(
        Arrival(
            name=f"{number:032x}", digest=f"{number:064x}", kind="report", hotline_number=cast.hotline_id,
            portal_number=cast.portal_id, language="en", received_at=datetime.now(UTC), sealed="rubbish",
        )
        for number in range(10_000)
    )  # fmt: skip
    with face():
        report(Walk(), kind="danger", where=PLACE, text=WORDS)
    assert pull() == services.BATCH
    assert the_report(cast).urgency == "danger"
    plan = rows.filter(problem="").order_by("-is_urgent", "id").values("pk")[:200].explain()
    assert connection.vendor == "postgresql" or "arrival_next" in plan, plan


@pytest.mark.usefixtures("apart")
def test_a_face_that_writes_cards_is_mended(cast: Cast, face: Face) -> None:
    sent(face)
    pull()
    Card.objects.using(where.alias()).create(
        receipt="f" * 64, hotline_number=cast.hotline_id, kind="report", number=10**6, shows={}
    )
    assert services.compare() == 1
    assert len(cards()) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL’s columns have types")
def test_cards_that_hold_what_no_card_holds_are_written_anew(cast: Cast, face: Face) -> None:
    sent(face)
    pull()
    (mine,) = cards()
    for harm in (
        "UPDATE spool_card SET shows = 'no JSON'",
        "UPDATE spool_card SET shows = CAST(X'FF' AS text)",
        "UPDATE spool_card SET number = 'none'",
        "UPDATE spool_card SET once = CAST(zeroblob(2100000) AS text)",
        f"INSERT INTO spool_card SELECT '{'e' * 64}', once, hotline_number, kind, number, shows FROM spool_card",
    ):
        with connections[where.alias()].cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(harm)
        services.compare()
        (found,) = cards()
        assert (found.receipt, found.once, found.shows) == (mine.receipt, mine.once, mine.shows), harm


@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has one table for both")
def test_keys_and_buckets_of_the_face_are_forgotten_too() -> None:
    made = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name LIKE 'web_security_%%'")
        tables = [sql for (sql,) in cursor.fetchall()]
    for sql in tables:
        with connections[where.ALIAS].cursor() as cursor:
            cursor.execute(sql)
    Bucket.objects.using(where.ALIAS).create(key="a" * 64, tokens=1.0, at=made)
    UsedKey.objects.using(where.ALIAS).create(digest="b" * 64)
    forget_old(made + timedelta(days=2))
    assert not Bucket.objects.using(where.ALIAS).exists()
    assert UsedKey.objects.using(where.ALIAS).exists()
    forget_old(made + timedelta(days=9))
    assert not UsedKey.objects.using(where.ALIAS).exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no roles")
def test_the_role_of_the_face_reads_no_report_and_changes_no_card(cast: Cast, face: Face) -> None:
    sent(face)
    pull()
    refused = (
        "SELECT * FROM intake_report", "SELECT * FROM intake_reportermessage", "SELECT * FROM casework_case", "SELECT * FROM people_user",
        "SELECT * FROM sealing_datakey", "INSERT INTO spool_mark (id) VALUES (1)", "SELECT * FROM spool_taken",
        "UPDATE spool_card SET number = 1", "DELETE FROM spool_arrival", "UPDATE spool_arrival SET sealed = ''",
    )  # fmt: skip
    with face():
        for statement in refused:
            with (
                pytest.raises(Exception, match="permission denied"),
                transaction.atomic(),
                connections["default"].cursor() as cursor,
            ):
                cursor.cursor.execute(statement)


@pytest.mark.usefixtures("apart")
def test_nothing_came_before_the_desk_saw_that_nothing_was_there(cast: Cast) -> None:
    """Whatever time the face claims; and what waited for days while the desk was away keeps its own."""
    now, day = datetime.now(UTC), timedelta(days=1)
    since = now - 3 * day - timedelta(minutes=5)
    note_empty(now - 3 * day)

    def come(at: datetime, believed: datetime) -> None:
        with time_machine.travel(believed, tick=False):
            said = {"fields": fields()}
        written(cast, said, received_at=at)
        note_empty(now)
        services.pull(now)
        with scope(hotline=cast.hotline_id):
            assert Report.objects.latest("pk").received_at == believed
        assert arrivals() == []

    come(now - 400 * day, since)
    come(now - 2 * day, now - 2 * day)
    come(now + day, now)
    for later in (timedelta(0), timedelta(seconds=59), timedelta(minutes=2)):
        note_empty(now + later)
    assert Emptied.objects.get().at == now + timedelta(minutes=2)
    come(now - day, now - day)  # that moment is of a clock that was put back
    written(cast, sealed="rubbish")
    services.pull(now)
    note_empty(now + timedelta(minutes=5))
    assert Emptied.objects.get().at == now + timedelta(minutes=2), "what is kept back may have come before"


@pytest.mark.usefixtures("apart")
def test_who_keeps_the_file_locked_holds_up_no_writer_of_the_desk(cast: Cast) -> None:
    """A pull that has to put something aside waits for the file inside a transaction of the desk: for a moment only."""
    written(cast, sealed="rubbish")
    if connection.vendor == "postgresql":
        with CaptureQueriesContext(connection) as asked:
            pull()
        limits = [one["sql"] for one in asked.captured_queries if "lock_timeout" in one["sql"]]
        assert limits == ["SET LOCAL lock_timeout = '2000ms'", "SET LOCAL lock_timeout = 0"]
        return
    public = connections[where.ALIAS]
    with closing(sqlite3.connect(public.settings_dict["NAME"], isolation_level=None)) as theirs:
        theirs.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(OperationalError):
            pull()
        assert time.monotonic() - began < 2.5, "of the three seconds and more that it waits otherwise"
        theirs.execute("ROLLBACK")
    with public.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] >= 3000
    assert [row.problem for row in arrivals()] == [""]
    pull()
    assert [row.problem for row in arrivals()] == [UNOPENED]
