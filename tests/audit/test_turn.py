"""A hotline's transaction: one transaction of a hotline after the other, so that none can block another for ever."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.audit.models import AuditTip
from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM


def locks(asked: CaptureQueriesContext) -> int:
    return sum("FOR UPDATE" in query["sql"] and "audit_audittip" in query["sql"] for query in asked)


def act(hotline_id: int) -> None:
    record("thing.done", actor=SYSTEM, hotline_id=hotline_id, subject="thing:1")


@pytest.mark.django_db
def test_a_turn_costs_one_question_where_rows_are_locked_and_none_within_another() -> None:
    with transaction.atomic():
        act(7)
    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        scope(hotline=7),
        hotline_transaction(),
        hotline_transaction(),
        hotline_transaction(7),
    ):
        pass
    assert locks(asked) == (1 if connection.features.has_select_for_update else 0)
    assert not [query for query in asked if "SAVEPOINT" not in query["sql"] and "FOR UPDATE" not in query["sql"]]


@pytest.mark.django_db(transaction=True)
def test_whose_turn_it_is_comes_from_the_scope_and_ends_with_the_transaction() -> None:
    for hotline_id in (0, 7):
        with hotline_transaction(hotline_id):
            act(hotline_id)
    with scope(hotline=7):
        _undone(None)
    assert not connection.in_atomic_block
    assert AuditTip.objects.get(chain=7).number == 1
    with hotline_transaction():
        act(0)
    assert AuditTip.objects.get(chain=0).number == 2


def _entered_within(seconds: float, hotline_id: int) -> tuple[threading.Event, threading.Thread]:
    entered = threading.Event()

    def enter() -> None:
        try:
            with hotline_transaction(hotline_id):
                entered.set()
        finally:
            connection.close()

    thread = threading.Thread(target=enter)
    thread.start()
    entered.wait(seconds)
    return entered, thread


@pytest.mark.django_db(transaction=True)
def test_the_next_one_of_a_hotline_waits_and_then_sees_what_the_first_did() -> None:
    with hotline_transaction(7):
        act(7)
    with hotline_transaction(7):
        entered, thread = _entered_within(0.2, 7)
        assert not entered.is_set()
    thread.join(20)
    assert entered.is_set()


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_was_undone_is_taken_anew() -> None:
    with hotline_transaction(7):
        act(7)
    with transaction.atomic():
        _undone()
        with hotline_transaction(7):
            entered, thread = _entered_within(0.2, 7)
            assert not entered.is_set()
    thread.join(20)


@pytest.mark.django_db(transaction=True)
def test_another_hotline_does_not_wait_where_rows_are_locked() -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite lets one transaction write at a time")
    with hotline_transaction(7):
        act(7)
    with hotline_transaction(8):
        act(8)
    with hotline_transaction(7):
        entered, thread = _entered_within(10, 8)
        assert entered.is_set()
    thread.join(20)


def _undone(hotline_id: int | None = 7) -> None:
    try:
        with hotline_transaction(hotline_id):
            act(7)
            raise KeyError
    except KeyError:
        pass
