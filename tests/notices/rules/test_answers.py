"""How a referral stands after any row of answers and waiting."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules.answers import (
    ACTS,
    ANSWERS,
    HoldTooLong,
    Standing,
    answered,
    due_at,
    frees_host_sooner,
    has_room_for,
    hold_over_at,
    is_free,
    last_whole_day,
    needs_detail,
    room_for,
    stands,
    time_passed,
    when_hold_ends_elsewhere,
    with_room,
)
from leeward.notices.rules.police_first import gate_of, problem_of

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MOST = timedelta(days=30)
DAY = timedelta(days=1)
acts = st.lists(st.tuples(st.sampled_from([*ACTS, "wait"]), st.integers(0, 50), st.integers(-2, 40)), max_size=30)


@pytest.mark.parametrize(
    ("latest", "day"),
    [
        (datetime(2026, 12, 27, 4, 59, 58, tzinfo=UTC), 25),
        (datetime(2026, 12, 27, 4, 59, 59, tzinfo=UTC), 26),
        (datetime(2026, 12, 27, 5, 0, 0, tzinfo=UTC), 26),
        (datetime(2026, 12, 27, 20, 30, 0, tzinfo=UTC), 26),
    ],
)
def test_the_last_day_of_a_hold_ends_before_it_must_where_the_police_are(latest: datetime, day: int) -> None:
    assert last_whole_day(latest, ZoneInfo("America/Jamaica")) == date(2026, 12, day)


def test_a_hold_is_counted_from_its_beginning() -> None:
    held = answered(Standing(), "hold", START, until=START + 20 * DAY, most=MOST)
    longer = answered(held, "hold", START + 19 * DAY, until=START + 30 * DAY, most=MOST)
    assert longer.hold_until == START + 30 * DAY
    with pytest.raises(HoldTooLong) as caught:
        answered(longer, "hold", START + 29 * DAY, until=START + 31 * DAY, most=MOST)
    assert caught.value.latest == START + 30 * DAY
    assert str(caught.value) == "a hold ends in the future, and not too far in it"


def test_a_released_referral_can_be_held_anew() -> None:
    held = answered(Standing(), "hold", START, until=START + DAY, most=MOST)
    free = answered(held, "release", START + DAY, until=None, most=MOST)
    assert is_free(free)
    again = answered(free, "hold", START + 60 * DAY, until=START + 90 * DAY, most=MOST)
    assert (again.state, again.held_since) == ("held", START + 60 * DAY)


HELD = Standing("held", sent_at=START, hold_until=START + 20 * DAY, held_since=START)
RELEASED, OVER = Standing("released", sent_at=START), Standing("timed_out", sent_at=START)


@pytest.mark.parametrize(
    ("other", "ended", "is_known", "after"),
    [
        (HELD, RELEASED, False, RELEASED),
        (replace(HELD, sent_at=None), RELEASED, False, Standing()),
        (replace(HELD, sent_at=None, wait_until=START), OVER, True, Standing()),
        (replace(HELD, sent_at=START + 9 * DAY), OVER, False, Standing("waiting", START + 9 * DAY, START + 11 * DAY)),
        (
            replace(HELD, sent_at=START + 9 * DAY),
            OVER,
            True,
            Standing("acknowledged", START + 9 * DAY, START + 11 * DAY),
        ),
        (replace(HELD, sent_at=START + 8 * DAY), OVER, True, Standing("timed_out", START + 8 * DAY, START + 10 * DAY)),
        (
            replace(HELD, sent_at=START + 7 * DAY),
            replace(OVER, wait_until=START + 8 * DAY),
            True,
            Standing("timed_out", START + 7 * DAY, START + 9 * DAY),
        ),
        (
            replace(HELD, wait_until=START + 2 * DAY),
            replace(OVER, wait_until=START + 9 * DAY),
            True,
            Standing("timed_out", START, START + 9 * DAY),
        ),
        (replace(HELD, wait_until=START + 11 * DAY), OVER, False, Standing("waiting", START, START + 11 * DAY)),
    ],
)
def test_a_hold_that_ends_on_one_letter_leaves_the_others_their_wait(
    other: Standing, ended: Standing, after: Standing, *, is_known: bool
) -> None:
    assert when_hold_ends_elsewhere(other, ended, START + 10 * DAY, is_known=is_known, wait=2 * DAY) == after


@pytest.mark.parametrize(
    ("letter", "own", "others", "over"),
    [
        (HELD, None, [], None),
        (HELD, 20, [], 20),
        (HELD, 22, [], 22),  # they had it late
        (HELD, 1, [], 20),  # its own wait is looked at first, and it stays held
        (HELD, None, [25, 20], 20),
        (HELD, None, [1], 20),
        (HELD, None, [23], 23),
        (replace(HELD, sent_at=START + 19 * DAY), None, [20], 21),
        (replace(HELD, wait_until=START + 30 * DAY), None, [20], 30),
        (replace(HELD, wait_until=START + 30 * DAY), 20, [20], 20),
        (replace(HELD, wait_until=START + 19 * DAY), 25, [20], 20),
        (replace(HELD, sent_at=None), 20, [20], None),
        (replace(HELD, hold_until=None), 20, [20], None),
    ],
)
def test_a_hold_is_over_when_it_is_looked_at_and_the_letter_s_own_wait_too(
    letter: Standing, own: int | None, others: list[int], over: int | None
) -> None:
    looked_at = START + own * DAY if own is not None else None
    found = hold_over_at(letter, looked_at, [START + days * DAY for days in others], 2 * DAY)
    assert found == (START + over * DAY if over is not None else None)


def test_time_alone_changes_nothing_of_what_is_over() -> None:
    assert due_at(Standing("held", sent_at=START, hold_until=START + DAY)) == START + DAY
    assert due_at(Standing("released", sent_at=START, hold_until=START + DAY)) is None


def test_an_acknowledgement_takes_nothing_back() -> None:
    for state in ("held", "released", "timed_out"):
        before = Standing(state=state, sent_at=START)
        assert answered(before, "acknowledge", START, until=None, most=MOST) == before


@given(acts)
def test_time_frees_every_notice_in_the_end(row: list[tuple[str, int, int]]) -> None:
    standing, now = Standing(sent_at=START, wait_until=START + DAY), START
    for act, days, until in row:
        now += timedelta(days=days)
        standing = time_passed(standing, now)
        if act != "wait":
            try:
                standing = answered(standing, act, now, until=now + timedelta(days=until), most=MOST)
            except HoldTooLong:
                too_long = standing.held_since is not None or until > MOST.days
                refused = act == "hold" and (until <= 0 or too_long)
                assert refused
        assert (standing.state == "held") == (standing.hold_until is not None) == (standing.held_since is not None)
        if standing.hold_until and standing.held_since:
            assert standing.hold_until <= standing.held_since + MOST
        assert (due_at(standing) is None) == is_free(standing)
    assert is_free(time_passed(standing, now + 31 * DAY))


@given(st.timedeltas(min_value=-400 * DAY, max_value=400 * DAY))
def test_no_notice_is_freed_before_its_time(later: timedelta) -> None:
    now = START + later
    standing = Standing(sent_at=START - DAY, wait_until=START)
    assert is_free(time_passed(standing, now)) == (now >= START)


@given(acts, st.sampled_from(["waiting", "timed_out", "released"]))
def test_nothing_is_freed_that_the_police_do_not_have(row: list[tuple[str, int, int]], state: str) -> None:
    """No time and no note frees it; any answer proves that they have it."""
    standing, now, has_answer = Standing(state=state, wait_until=START), START, False
    for act, days, until in row:
        now += timedelta(days=days)
        standing = time_passed(standing, now)
        if act != "wait":
            with contextlib.suppress(HoldTooLong):
                standing = answered(standing, act, now, until=now + timedelta(days=until), most=MOST)
                has_answer = has_answer or act != "note"
        assert (standing.sent_at is not None) == has_answer
        assert gate_of(standing, asks_police=True, is_held=False, waits_for_person=False) == "untold" or has_answer
    assert gate_of(None, asks_police=True, is_held=True, waits_for_person=True) == "untold"


def test_what_proves_that_the_police_have_it_also_begins_their_time_and_nothing_else_does() -> None:
    for act in ("acknowledge", "outcome", "release"):
        after = answered(Standing(), act, START, until=None, most=MOST)
        assert (after.sent_at, after.state) == (START, "released" if act == "release" else "acknowledged")
        later = answered(Standing(sent_at=START), act, START + DAY, until=None, most=MOST)
        assert later.sent_at == START
    assert answered(Standing(), "note", START, until=None, most=MOST) == Standing()
    for until in (None, START):
        with pytest.raises(HoldTooLong) as caught:
            answered(Standing(), "hold", START, until=until, most=MOST)
        assert caught.value.latest == START + MOST


def test_what_ran_out_is_no_hold_any_more() -> None:
    held = answered(Standing(sent_at=START), "hold", START, until=START + DAY, most=MOST)
    assert due_at(held) == START + DAY
    for now in (START + DAY, START + 2 * DAY):
        assert time_passed(replace(held, wait_until=START), now) == Standing("timed_out", START, START + DAY)
    assert time_passed(Standing("held", START), START + DAY) == Standing("held", START)
    assert time_passed(Standing("waiting", START), START + DAY) == Standing("waiting", START)
    acknowledged = Standing("acknowledged", START, START + DAY)
    assert due_at(acknowledged) == START + DAY
    assert is_free(time_passed(acknowledged, START + DAY))
    assert due_at(Standing("waiting", None, START)) is None
    assert due_at(Standing("released", START, None, START)) is None


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("asks", [False, True])
def test_the_gate_by_what_the_police_did(asks: bool, waits: bool) -> None:
    after = "person" if waits else "open"
    standings = {"untold": Standing(), "police": Standing(sent_at=START), after: Standing("released", START)}
    for gate, standing in [("untold", None), *standings.items()]:
        found = gate_of(standing, asks_police=asks, is_held=False, waits_for_person=waits)
        assert found == (gate if asks else after)
        held = gate_of(standing, asks_police=asks, is_held=True, waits_for_person=waits)
        assert held == ("untold" if asks and gate == "untold" else "police")
    assert [problem_of(fate) for fate in ("unsure", "dead")] == ["police_unsure", "police_not_told"]


def test_moved_and_disputed_take_a_word_more() -> None:
    assert [answer for answer in ANSWERS if needs_detail(answer)] == ["moved", "disputed", "declined"]


def test_what_staff_enter_stands_with_two_and_what_the_police_say_at_once() -> None:
    assert stands(None, None)
    assert not stands(1, None)
    assert stands(1, 2)


@pytest.mark.parametrize(
    ("before", "act", "days", "sooner"),
    [
        (Standing("waiting", START, START + 3 * DAY), "release", None, True),
        (Standing("waiting", START, START + 3 * DAY), "hold", 2, True),
        (Standing("waiting", START, START + 3 * DAY), "hold", 3, False),
        (Standing("held", START, START + DAY, START + 9 * DAY, START), "hold", 8, True),
        (Standing("held", START, START + DAY, START + 9 * DAY, START), "hold", 10, False),
        (Standing("held", START, START + DAY, START + 9 * DAY, START), "release", None, True),
        (Standing(), "hold", 4, True),
        (Standing(), "hold", 5, False),
        (Standing("timed_out", START, START + DAY), "release", None, False),
        (Standing("timed_out", START, START + DAY), "hold", 1, False),
        (Standing("waiting", START, START + 3 * DAY), "acknowledge", None, False),
    ],
)
def test_what_lets_the_host_be_told_earlier(before: Standing, act: Any, days: int | None, sooner: bool) -> None:
    until = START + days * DAY if days else None
    after = answered(before, act, START, until=until, most=MOST)
    assert frees_host_sooner(before, after, otherwise_at=START + 5 * DAY) is sooner


def test_where_no_wait_has_begun_the_host_would_be_told_at_the_usual_time() -> None:
    held, free_of_it = Standing("held", hold_until=START + 2 * DAY), Standing("acknowledged")
    assert frees_host_sooner(held, free_of_it, otherwise_at=START + DAY)
    assert not frees_host_sooner(held, free_of_it, otherwise_at=START + 2 * DAY)


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ("", ""),
        ("a--", "a--"),
        ("abc", "abc"),
        ("a-b-", "ab-"),
        ("a-b--", "ab-"),
        ("--abc", "-abc"),
        ("---a", "--a"),
        ("-ab-", "-ab"),
        ("ab-cd", "abcd"),
        ("abcd", "abcd"),
        ("abMd", "abMd"),
        ("M-ab", "Mab"),
        ("-12-", "-12"),
        ("-1212", "-12"),
        ("-1a12", "-a12"),
        ("-12345", "-12345"),
        ("-1-2-", "-12"),
    ],
)
def test_no_words_go_for_want_of_room_nor_the_first_answer_nor_news(answers: str, left: str) -> None:
    """Each letter is an answer with a word, M one that names where it moved to, each number one without a word that is yet to be looked at;
    `left` are those that stay where three are to."""

    def rows(letters: str) -> list[dict[str, Any]]:
        return [
            {"answer": one, "note": one.strip("-M12345"), "moved_to": one if one == "M" else ""}
            | ({"unheard": True} if one.isdigit() else {})
            for one in letters
        ]

    assert with_room(rows(answers), 3) == rows(left)


@pytest.mark.parametrize(
    ("before", "text", "fits"),
    [
        ([], 20_000, True),
        ([], 20_001, False),
        ([2_000] * 9, 2_000, True),
        ([2_000] * 9, 2_001, False),
        ([1] * 99, 200, True),
        ([1] * 99, 201, False),
        ([200] * 100, 1, False),
        ([0] * 1_000, 1, True),
        ([2_000] * 100, 0, True),
    ],
)
def test_words_by_the_link_find_so_much_room_and_an_answer_without_any_always_does(
    before: list[int], text: int, fits: bool
) -> None:
    kept = [
        {"note": "", "moved_to": "x" * size} if size % 2 else {"note": "x" * size, "moved_to": ""} for size in before
    ]
    assert has_room_for("x" * text, kept) is fits


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("is_ours", [True, False])
def test_what_anybody_may_write_by_the_link_leaves_room_for_an_outcome(act: str, is_ours: bool) -> None:
    wanted = 20_000 if act != "outcome" else 40_000 if is_ours else 30_000
    assert repr(room_for(act, is_ours=is_ours)) == repr(wanted), "a whole number, as a person is shown it"
