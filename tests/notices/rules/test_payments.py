"""When a payment firm may be told, and what it reads: the police come first, and one hold stops everything."""

from datetime import UTC, datetime

import pytest

from leeward.notices.rules.payments import (
    ACTED,
    COUNTS_AS,
    PAYMENT_ANSWERS,
    PaymentBrief,
    gate_of,
    may_alert,
    read,
    supporting,
    with_text,
    written,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("is_held", "waits", "is_open", "gate"),
    [
        (True, True, False, "held"),
        (True, None, True, "held"),
        (False, True, True, "waits"),
        (False, False, False, "free"),
        (False, None, True, "free"),
        (False, None, False, "waits"),
    ],
)
def test_a_firm_waits_for_the_police_as_all_others_do(
    *, is_held: bool, waits: bool | None, is_open: bool, gate: str
) -> None:
    assert gate_of(is_held=is_held, waits=waits, is_open=is_open) == gate


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


def test_words_are_added_to_those_before_with_their_time() -> None:
    now = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
    one = with_text("", "Closed.", now)
    assert one == "2026-11-24 12:05 UTC: Closed."
    assert with_text(one, "", now) == one
    assert with_text(one, "Again.", now) == f"{one}\n\n2026-11-24 12:05 UTC: Again."
    assert with_text("", "", now) == ""
