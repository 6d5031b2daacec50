"""When a payment firm may be told, and what it reads: the police come first, and one hold stops everything."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.notices.rules.answers import Standing
from leeward.notices.rules.payments import (
    ACTED,
    COUNTS_AS,
    PAYMENT_ANSWERS,
    PaymentBrief,
    gate_of,
    may_alert,
    read,
    supporting,
    written,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("standing", "asks", "host", "is_open", "gate"),
    [
        (None, True, True, True, "waits"),
        (None, True, True, False, "waits"),
        (None, False, True, True, "free"),
        (None, False, True, False, "waits"),
        (Standing("held", NOON - DAY), True, False, True, "held"),
        (Standing("held"), False, True, True, "held"),
        (Standing("waiting", NOON - DAY), True, True, True, "waits"),
        (Standing("acknowledged", NOON - DAY), True, True, True, "waits"),
        (Standing("waiting", NOON - DAY), True, False, True, "free"),
        (Standing("acknowledged", NOON - DAY), True, False, False, "free"),
        (Standing("waiting", NOON - DAY + SECOND), True, False, True, "waits"),
        (Standing("waiting"), True, False, True, "waits"),
        (Standing("released", NOON), True, True, False, "free"),
        (Standing("timed_out", NOON), True, True, False, "free"),
        (Standing("released"), True, True, True, "waits"),
    ],
)
def test_a_case_stands_with_the_police_by_its_newest_referral(
    standing: Standing | None, asks: bool, host: bool, is_open: bool, gate: str
) -> None:
    found = gate_of(standing, asks_police=asks, tells_host=host, is_open=is_open, now=NOON, wait=DAY)
    assert found == gate


def test_a_firm_is_told_only_of_what_was_decided_and_let_go_and_never_while_one_is_held() -> None:
    gates = {1: "free", 2: "waits", 3: "free", 4: "held"}
    assert supporting((3, 2, 1), gates) == [1, 3]
    assert supporting((5,), gates) == []
    assert may_alert((1, 2, 3), (1, 2), gates)
    refused = {
        "the police hold a case that names it": may_alert((1, 4), (1,), gates),
        "no case that names it was decided as illegal": may_alert((1, 2), (), gates),
        "the police come first: they don’t have its cases yet, or still have time to answer": may_alert(
            (1, 2), (2,), gates
        ),
    }
    for why, decision in refused.items():
        assert not decision
        assert str(decision.reason) == why
    assert not may_alert((), (), {})


def test_a_brief_comes_back_as_it_was_written() -> None:
    brief = PaymentBrief(7, "btc", "17bn", "", True, (("20", "USD"),), ("RIVER",), 2, 3, ("CA", "JM"), NOON, NOON)
    assert read(written(brief)) == brief
    assert written(brief)["first_at"] == "2026-11-24T12:00:00+00:00"


def test_every_answer_counts_once_where_contacts_are_compared() -> None:
    assert set(PAYMENT_ANSWERS) > ACTED
    assert {answer: COUNTS_AS.get(answer, "") for answer in PAYMENT_ANSWERS if answer in COUNTS_AS} == {
        "closed": "removed",
        "blocked": "removed",
        "marked": "removed",
        "not_ours": "wrong_contact",
    }
