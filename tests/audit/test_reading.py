"""What people are shown of the log: of their own chain only, newest first, and never more than was asked for."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.audit import queries
from leeward.audit.models import AuditHead, AuditRow, AuditTip
from leeward.audit.queries import LogLine, acts_of, entries, heads_published, log_of, log_page, verdict
from leeward.audit.rules.chain import Entry, Fault, Head, canonical, link, moment
from leeward.audit.services import _chain_in_scope, _locked_tip, _tip_at, append_many, record
from leeward.foundation.actor import Actor
from tests.audit.test_log import sealed_as_before, signature_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def act(subject: str, event: str = "case.claimed", *, by: int = 1, chain: int = 5, minute: int = 0) -> None:
    with transaction.atomic():
        record(
            event, actor=Actor("staff", by, "Ana", chain), hotline_id=chain, subject=subject,
            facts={"minute": minute}, now=NOON + timedelta(minutes=minute),
        )  # fmt: skip


def many(count: int, chain: int = 5) -> list[Entry]:
    made: list[Entry] = []
    for number in range(count):
        before = made[-1] if made else None
        made.append(
            link(before, chain=chain, at=moment(NOON), event="case.claimed", actor="staff:1", subject="case:1",
                 facts=canonical({"n": number}), nonce=f"{number:032x}")
        )  # fmt: skip
    return made


def numbers(lines: list[LogLine]) -> list[tuple[str, int]]:
    return [(line.subject, line.number) for line in lines]


@pytest.mark.django_db
def test_a_line_says_all_that_its_row_does_and_one_that_cant_be_read_stops_nothing() -> None:
    act("case:1", minute=3)
    said = LogLine(1, moment(NOON + timedelta(minutes=3)), "case.claimed", "staff:1", "case:1", {"minute": 3})
    assert log_page(5) == log_of(5, "case:1") == acts_of([5], ["staff:1"], ["case.claimed"]) == [said]
    (row,) = entries(5)
    AuditRow.objects.create(**asdict(replace(row, number=2, facts="no json")))
    assert log_page(5)[0] == replace(said, number=2, facts={"unreadable": True})


@pytest.mark.django_db
def test_a_page_of_a_chain_holds_the_rows_between_and_the_events_that_begin_so() -> None:
    for number in range(1, 6):
        act(f"case:{number}", "case.closed" if number % 2 else "note.written")
    act("case:1", chain=6)
    for asked, found in [
        ({}, [5, 4, 3, 2, 1]),
        ({"before": 4}, [3, 2, 1]),
        ({"after": 3}, [5, 4]),
        ({"before": 5, "after": 1}, [4, 3, 2]),
        ({"event": "case."}, [5, 3, 1]),
        ({"event": "note", "before": 4}, [2]),
        ({"most": 2}, [5, 4]),
    ]:
        assert [line.number for line in log_page(5, **asked)] == found, asked


@pytest.mark.django_db
def test_acts_on_a_subject_are_those_of_its_own_chain_and_of_the_events_that_are_asked_for() -> None:
    act("case:1")
    act("case:2")
    act("case:1", "case.closed")
    act("case:1", chain=6)
    assert numbers(log_of(5, "case:1")) == [("case:1", 3), ("case:1", 1)]
    assert numbers(log_of(5, "case:1", 1)) == [("case:1", 3)]
    assert numbers(log_of(5, "case:1", events=["case.claimed"])) == [("case:1", 1)]
    assert log_of(6, "case:2") == []


@pytest.mark.django_db
def test_acts_of_people_come_from_all_chains_that_are_asked_for_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    act("case:1", minute=1)
    act("case:2", minute=4, by=2)
    act("case:3", "note.written", minute=5)
    act("case:4", "case.closed", minute=6)
    act("case:5", chain=6, minute=3)
    act("case:6", chain=7, minute=2)
    act("case:7", minute=7, by=3)
    act("case:8", minute=8, by=3)

    def found(chains: list[int], actors: list[str], *events: str, most: int = 500) -> list[str]:
        lines = acts_of(chains, actors, events, most=most)
        return [line.subject for line in lines]

    one, both = ["staff:1"], ["staff:1", "staff:2"]
    assert found([5], one, "case.claimed") == ["case:1"]
    assert found([5, 6, 8], both, "case.claimed", "case.closed") == ["case:4", "case:2", "case:5", "case:1"]
    assert found([6, 5], both, "case.claimed", "case.closed", most=3) == ["case:4", "case:2", "case:5"]
    assert found([5], both, "case.claimed", most=1) == ["case:2"], "the newest of a chain, not its first"
    assert found([5], [], "case.claimed") == found([5], one) == found([], one, "case.claimed") == []
    monkeypatch.setattr(queries, "SEARCHED", 5)
    assert found([5], both, "case.claimed") == ["case:2"], "only the newest rows of a chain are searched"
    monkeypatch.setattr(queries, "SEARCHED", 6)
    assert found([5], both, "case.claimed") == ["case:2", "case:1"]


@pytest.mark.django_db
def test_a_list_is_as_long_as_its_page_shows_where_nobody_says_more() -> None:
    rows = many(600)
    append_many(rows[:1])
    append_many(rows[1:])
    append_many([])
    assert verdict(5).fault is None
    assert [len(log_page(5)), len(log_of(5, "case:1")), len(acts_of([5], ["staff:1"], ["case.claimed"]))] == [
        100, 200, 500,
    ]  # fmt: skip
    AuditHead.objects.bulk_create(
        AuditHead(chain=5, number=number, hash=f"{number:064}", at=f"at {number}", signature=f"by {number}")
        for number in range(40)
    )
    shown = heads_published()
    assert shown[0] == Head(5, 39, f"{39:064}", "at 39", "by 39")
    assert [head.number for head in shown] == list(range(39, 9, -1))


@pytest.mark.django_db
def test_the_key_of_documents_is_not_asked_where_it_signed_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    act("case:1")
    monkeypatch.setattr(queries, "public_key", lambda: pytest.fail("a copy of the database would make one"))
    assert verdict(5).fault is None


@pytest.mark.django_db
def test_each_fault_of_a_chains_heads_is_named_with_its_chain_and_row() -> None:
    act("case:1")
    assert (verdict(5).chain, verdict(5).fault) == (5, None)
    assert verdict(6, is_begun=True).fault == Fault(6, 1, "is missing: nothing of this log is left")
    act("case:2")
    sealed_as_before()
    rows = list(entries(5))
    AuditTip.objects.filter(chain=5).update(**_tip_at(replace(rows[1], hash="f" * 64)))
    two = Fault(5, 2, "has two heads that differ: it was rewritten after the first")
    assert verdict(5).fault == two
    AuditHead.objects.create(chain=5, number=9, hash="f" * 64, at="", signature="AAAA")
    assert verdict(5).fault == Fault(5, 9, "has a head with a false signature"), "the first that is found"
    AuditTip.objects.filter(chain=5).delete()
    act("case:3", chain=6)
    AuditTip.objects.filter(chain=6).delete()
    assert verdict(6).fault == Fault(6, 1, "has no tip after it: the tip of the chain was removed")
    for tip, last, is_good in [(1, "", False), (2, "", False), (2, rows[1].hash, True), (3, "", True)]:
        AuditTip.objects.update_or_create(chain=5, defaults=_tip_at(replace(rows[1], number=tip)))
        assert (queries._beyond(5, 2, last, 1) is None) is is_good, (tip, last)


@pytest.mark.django_db
def test_a_tip_from_before_the_signer_is_held_against_its_signature() -> None:
    act("case:1")
    tip = AuditTip.objects.get(chain=5)
    AuditTip.objects.filter(chain=5).update(signature=signature_of(tip))
    assert verdict(5).fault is None
    AuditTip.objects.filter(chain=5).update(signature="AAAA")
    assert verdict(5).fault == Fault(5, 1, "has a head with a false signature")
    act("case:2")
    assert (AuditTip.objects.get(chain=5).signature, verdict(5).fault) == ("", None)


@pytest.mark.django_db
def test_a_chain_begins_with_its_first_row_and_costs_one_question_from_then_on() -> None:
    with transaction.atomic():
        record("case.claimed", actor=Actor("staff", 1, "Ana", 5), hotline_id=5, subject="case:1")
    (row,) = entries(5)
    assert row.at.endswith("+00:00"), "in UTC where nobody says when"
    with CaptureQueriesContext(connection) as asked:
        assert (_locked_tip(5).number, _locked_tip(5).hash) == (1, row.hash)
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"^an act is recorded in the transaction that does it$"):
        record("case.claimed", actor=Actor("staff", 1, "Ana", 5), hotline_id=5, subject="case:1")


def test_the_chain_is_that_of_the_hotline_in_whose_scope_we_are() -> None:
    assert _chain_in_scope() == 0
    with scope(hotline=7):
        assert _chain_in_scope() == 7


@pytest.mark.django_db
def test_the_rows_of_a_subject_are_given_as_stored_and_so_is_the_newest() -> None:
    assert queries.newest_entry(5) is None
    with transaction.atomic():
        _locked_tip(5)
    for minute in range(3):
        act("case:1", chain=4, minute=minute)
    assert queries.newest_entry(5) is None, "nothing was written there"
    act("case:1", minute=1)
    first = queries.newest_entry(5)
    assert first is not None
    assert (first.chain, first.number) == (5, 1)
    act("case:2", minute=2)
    act("case:1", minute=3)
    act("case:1", chain=6, minute=4)
    stored = list(entries(5))
    assert queries.entries_of(5, "case:1", 10) == [stored[0], stored[2]]
    assert queries.entries_of(5, "case:1", 1) == [stored[2]], "the newest"
    assert queries.newest_entry(5) == stored[2]
    for row in stored:
        assert queries.entry_at(5, row.number) == {
            "chain": 5, "number": row.number, "at": row.at, "event": row.event, "actor": row.actor, "subject": row.subject,
            "previous": row.previous, "hash": row.hash, "nonce": row.nonce, "facts": json.loads(row.facts),
        }  # fmt: skip
    with pytest.raises(AuditRow.DoesNotExist):
        queries.entry_at(5, 4)
