"""What comes when the public face was taken over, and what a kill leaves behind."""

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django_scopes import scope
from pyrage import encrypt

from leeward.intake.models import Report
from leeward.sealing import keys
from leeward.spool import services, where
from leeward.spool.models import Arrival, Card, Taken
from leeward.spool.queries import kept_back
from leeward.web_security.keys import new_form_key
from tests.intake.walk import Walk, report
from tests.personas import Cast
from tests.spool.conftest import Face
from tests.spool.test_reports import PLACE, WORDS, arrivals, cards, opened, pull, sent, the_report

pytestmark = pytest.mark.django_db


def sealed(said: object) -> str:
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    return base64.b85encode(encrypt(raw, list(keys.recipients()[0]))).decode()


def fields(**more: object) -> dict[str, object]:
    return {"once": new_form_key(), "kind": "page", "where": PLACE, "text": WORDS} | more


def written(cast: Cast, said: object = None, **more: Any) -> Arrival:
    values: dict[str, Any] = {
        "name": secrets.token_hex(16),
        "digest": secrets.token_hex(32),
        "kind": "report",
        "hotline_number": cast.hotline_id,
        "portal_number": cast.portal_id,
        "language": "en",
        "received_at": datetime.now(UTC),
        "receipt": secrets.token_hex(32),
        "sealed": sealed({"fields": fields()} if said is None else said),
    } | more
    row = Arrival(**values)
    row.save(using=where.alias())
    return row


@pytest.mark.usefixtures("apart")
def test_rubbish_stays_and_stops_nothing(cast: Cast) -> None:
    wrong = {
        "rubbish": written(cast, sealed="rubbish"),
        "of another key": written(cast, sealed=base64.b85encode(b"age-encryption.org/v1\n").decode()),
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
        "huge": written(cast, sealed="a" * (services.MOST_SIZE + 1)),
    }
    good = written(cast)
    while pull():
        pass
    assert {
        name for name, row in wrong.items() if not Arrival.objects.using(where.alias()).get(pk=row.pk).problem
    } == set()
    assert not Arrival.objects.using(where.alias()).filter(pk=good.pk).exists()
    assert the_report(cast).text == WORDS
    assert sum(kept_back().values()) == len(wrong)
    with scope(hotline=cast.other_hotline_id):
        assert not Report.objects.exists()


@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL’s columns have types")
def test_columns_of_other_types_stop_nothing(cast: Cast) -> None:
    for column in ("received_at", "hotline_number", "portal_number", "is_urgent", "language"):
        row = written(cast)
        with connections[where.alias()].cursor() as cursor:
            cursor.execute(f"UPDATE spool_arrival SET {column} = %s WHERE id = %s", [b"\x00rubbish", row.pk])
    good = written(cast)
    while pull():
        pass
    assert not Arrival.objects.using(where.alias()).filter(pk=good.pk, problem="").exists()
    assert Report.objects.model.objects is not None


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
def test_what_fails_is_tried_again_and_what_belongs_to_it_waits(
    cast: Cast, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = sent(face)
    with face():
        opened(receipt).send(act="add", text="One thing more.")
    with monkeypatch.context() as patch:
        patch.setattr("leeward.intake.services.pulling.report_draft", None)
        assert pull() == 2
    assert [row.problem for row in arrivals()] == [services.FAILED, services.WAITS]
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
    with connections[where.alias()].cursor() as cursor:
        plan = rows.filter(problem="").order_by("-is_urgent", "id").values("pk")[:200].explain()
        cursor.execute("SELECT 1")
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
