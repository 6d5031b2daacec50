"""The state machine of a page, in every state it can be in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest

from leeward.oncall.rules.paging import (
    ALL_TRIED,
    EVERY,
    HOLD,
    LEAST,
    TEST_ROUNDS,
    UNHEARD,
    Pauses,
    Standing,
    is_unanswered,
    next_step,
    reaches_nobody,
)

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
PAUSES = Pauses()
FATES = ("waiting", "sending", "sent", "unsure", "dead", "stopped")
SETS = [(), *[(one,) for one in FATES], *product(FATES, repeat=2)]
SECOND = timedelta(seconds=1)
# How long ago the last round was; below zero the clock was put back since.
AGES = [
    timedelta(days=-1), -SECOND, timedelta(0), UNHEARD - SECOND, UNHEARD, EVERY - SECOND, EVERY, timedelta(days=1),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["urgent", "test"])
@pytest.mark.parametrize("is_over", [False, True])
@pytest.mark.parametrize("rounds", range(7))
def test_every_standing(kind, is_over, rounds) -> None:
    for fates, age in product(SETS, AGES):
        since = None if "sent" in fates else NOW - age
        standing = Standing(
            kind, is_over, rounds, NOW - age if rounds else None, fates, rounds, since, has_new=False, held_until=None
        )
        step = next_step(standing, PAUSES, NOW)
        where = (fates, age)
        if is_over:
            assert step.act == "rest", where
            assert not reaches_nobody(standing, PAUSES, NOW)
            assert not is_unanswered(standing)
            continue
        assert step.act != "rest", "an open page is never forgotten"
        if rounds == 0:
            assert step.act == "call", where
            continue
        is_quick = "sent" not in fates and rounds < ALL_TRIED
        pause = UNHEARD if is_quick else EVERY
        if timedelta(0) <= age < pause:
            assert step.act == "wait", where
            assert step.until == NOW - age + pause
            assert step.until - NOW <= EVERY, "never longer than ten minutes from now, whatever the clock did"
        else:
            assert step.act == ("end" if kind == "test" and rounds >= TEST_ROUNDS else "call"), where
        is_trying = {"waiting", "sending"} & set(fates) and timedelta(0) <= age < UNHEARD
        if "sent" in fates:
            assert not reaches_nobody(standing, PAUSES, NOW)
        elif not fates or not {"waiting", "sending"} & set(fates):
            assert reaches_nobody(standing, PAUSES, NOW), where
        else:
            assert reaches_nobody(standing, PAUSES, NOW) == (not is_trying), where
        assert is_unanswered(standing) == (kind == "urgent" and rounds > 2)


@pytest.mark.parametrize("lost", [(), ("sent",), ("dead",), ("unsure",), ("waiting",)])
def test_a_night_in_which_nobody_answers_goes_on_for_ever(lost) -> None:
    now, rounds, at, calls = NOW, 0, None, []
    while now < NOW + timedelta(hours=8):
        step = next_step(
            Standing("urgent", False, rounds, at, lost, 0, NOW, has_new=False, held_until=None), PAUSES, now
        )
        if step.act == "call":
            rounds, at = rounds + 1, now
            calls.append(now)
        now = step.until or now
        if step.act == "call":
            now += SECOND
    gaps = [after - before for before, after in pairwise(calls)]
    quick = 0 if lost == ("sent",) else ALL_TRIED - 1
    assert calls[0] == NOW
    assert gaps[:quick] == [UNHEARD] * quick
    assert set(gaps[quick:]) == {EVERY}
    assert len(calls) >= 48


def test_a_demonstration_is_faster_and_never_a_flood() -> None:
    assert Pauses().at_pace(1.0) == PAUSES
    at_once = Pauses(SECOND, SECOND, SECOND)
    assert at_once.at_pace(1.0) == at_once, "what somebody set stays as it is where nothing is sped up"
    assert Pauses().at_pace(2.0) == Pauses(EVERY / 2, UNHEARD / 2, HOLD / 2)
    assert Pauses().at_pace(10.0) == Pauses(timedelta(minutes=1), LEAST, timedelta(minutes=3))
    assert Pauses().at_pace(100_000.0) == Pauses(LEAST, LEAST, LEAST)


def test_a_report_that_joined_waits_a_minute_for_the_next_round_and_not_ten() -> None:
    standing = Standing("urgent", False, 1, NOW, ("sent",), 1, None, has_new=True, held_until=None)
    assert next_step(standing, PAUSES, NOW + SECOND).until == NOW + UNHEARD
    assert next_step(standing, PAUSES, NOW + UNHEARD).act == "call"


def test_rounds_that_no_server_took_reach_nobody_and_have_not_gone_out() -> None:
    standing = Standing("urgent", False, 3, NOW, ("waiting",), 0, NOW - 2 * UNHEARD, has_new=False, held_until=None)
    assert reaches_nobody(standing, PAUSES, NOW)
    assert not is_unanswered(standing)
    assert not reaches_nobody(
        Standing("urgent", False, 0, None, (), 0, NOW, has_new=False, held_until=None), PAUSES, NOW
    )


@pytest.mark.parametrize(
    ("later", "act"),
    [
        (timedelta(0), "wait"),
        (HOLD - SECOND, "wait"),
        (HOLD, "call_anew"),
        (timedelta(days=1), "call_anew"),
        (-SECOND, "call_anew"),
    ],
)
def test_a_word_holds_for_half_an_hour_and_no_longer_whatever_the_clock_does(later, act) -> None:
    standing = Standing("urgent", True, 1, NOW, ("sent",), 1, None, has_new=False, held_until=NOW + HOLD)
    step = next_step(standing, PAUSES, NOW + later)
    assert (step.act, step.until) == (act, NOW + HOLD if act == "wait" else None)
