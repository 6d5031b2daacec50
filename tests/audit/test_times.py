"""Rows whose time goes backwards: which are named, and what explains them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from leeward.audit.queries import verdict
from leeward.audit.rules.chain import Entry, link, moment
from leeward.audit.rules.times import MOST, Backward, JumpBack, Times, explains
from leeward.audit.services import record
from leeward.foundation.actor import SYSTEM

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def rows(minutes: Iterable[float]) -> list[Entry]:
    made: list[Entry] = []
    for minute in minutes:
        last = made[-1] if made else None
        at = moment(NOON + minute * MINUTE)
        made.append(link(last, chain=5, at=at, event="a.done", actor="system", subject="a:1", facts="{}"))
    return made


def named(*minutes: float, jumps: Iterable[JumpBack] = ()) -> list[int]:
    times, given = Times(jumps), rows(minutes)
    assert list(times.over(given)) == given, "every row goes through as it is"
    return [each.number for each in times.backward]


def test_a_row_is_named_whose_time_is_ten_minutes_before_that_of_one_before_it() -> None:
    assert named(0, 1, 1, 2) == []
    assert named(0, 10, 0, 10) == [], "acts wait for each other"
    assert named(0, 10.1, 0, 1, 2) == [3], "those that follow it are right again"
    assert named(20, 15, 12, 9.9) == [4], "however small the steps are"
    assert named(0, 60, 0, 60, 0) == [3, 5]
    assert named() == []


def test_a_jump_of_the_clock_explains_what_it_leaves() -> None:
    jump = JumpBack(NOON, timedelta(days=1))
    day = 24 * 60
    for latest, at, is_explained in [
        (day, 0, True), (day + 5, 0, True), (day + 5.1, 0, False), (day, -5, True), (day, -5.1, False), (700, 600, True),
    ]:  # fmt: skip
        assert explains(jump, NOON + latest * MINUTE, NOON + at * MINUTE) is is_explained, (latest, at)
    times = Times([JumpBack(NOON - timedelta(days=9), MINUTE), jump])
    first, second, third, *_rest = given = rows([day - 1, 3, -600, -599])
    list(times.over(given))
    assert times.backward == [
        Backward(2, second.at, first.at, is_explained=True), Backward(3, third.at, second.at, is_explained=False),
    ]  # fmt: skip
    assert times.backward[0].sentence == (
        "The time of row 2 (2026-11-28T12:03:00) is before that of a row before it (2026-11-29T11:59:00); the clock was set back then."
    )
    assert times.backward[1].sentence.endswith("; no jump of the clock explains it.")


def test_a_time_that_cant_be_read_stops_nothing_and_there_is_an_end_to_naming() -> None:
    times = Times()
    damaged = rows([5, 0])
    odd = Entry(*[getattr(damaged[0], name) if name != "at" else "zz" for name in Entry.__dataclass_fields__])
    assert list(times.over([odd, damaged[1]])) == [odd, damaged[1]]
    assert times.backward == []
    assert len(named(*[60, 0] * (MOST + 10))) == MOST


@pytest.mark.django_db
def test_verifying_names_them_and_reads_the_jumps_in_the_log_of_the_installation() -> None:
    def act(at: datetime, chain: int = 5) -> None:
        with transaction.atomic():
            record("case.claimed", actor=SYSTEM, hotline_id=chain, subject="case:1", now=at)

    act(NOON + timedelta(hours=3))
    act(NOON)
    act(NOON - timedelta(hours=3))
    for event, chain, subject, at, seconds in [
        ("clock.jumped", None, "installation:1", NOON, "x"),
        ("clock.jumped", None, "installation:1", NOON, 3 * 3600),
        ("clock.jumped", None, "installation:1", NOON, -3 * 3600),
        ("clock.jumped", 6, "installation:1", NOON - timedelta(hours=3), -3 * 3600),
        ("clock.jumped", None, "installation:2", NOON - timedelta(hours=3), -3 * 3600),
        ("clock.confirmed", None, "installation:1", NOON - timedelta(hours=3), -3 * 3600),
    ]:
        with transaction.atomic():
            record(event, actor=SYSTEM, hotline_id=chain, subject=subject, facts={"seconds": seconds}, now=at)
    found = verdict(5)
    assert found.fault is None, "which came first is held by the hashes"
    assert [(each.number, each.is_explained) for each in found.backward] == [(2, True), (3, False)]
