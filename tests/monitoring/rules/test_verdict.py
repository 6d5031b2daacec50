"""The state machine: what must hold after any row of looks."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leeward.monitoring.rules.verdict import OUTCOMES, CheckResult, Limits, Standing, Verdict, judge, next_check_at

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LIMITS = Limits(
    misses=3,
    miss_gap=timedelta(minutes=3),
    often=timedelta(hours=1),
    often_for=timedelta(days=7),
    seldom=timedelta(days=1),
    unreachable_for=timedelta(days=30),
    removed_for=timedelta(days=90),
    rarely=timedelta(days=7),
)
ABSENT = {"gone", "changed"}


def up() -> Standing:
    return Standing(state="up", since=START)


@dataclass
class Run:
    """Looks after each other, with what each of them led to."""

    standing: Standing = field(default_factory=up)
    now: datetime = START
    verdicts: list[Verdict] = field(default_factory=list)

    def see(self, outcome: str, after: timedelta, *, control: bool = True) -> Verdict:
        self.now += after
        verdict = judge(self.standing, CheckResult(outcome, self.now, control), LIMITS)
        self.standing = verdict.standing
        self.verdicts.append(verdict)
        return verdict


MINUTE = timedelta(minutes=1)
checks = st.lists(
    st.tuples(st.sampled_from(OUTCOMES), st.integers(0, 60 * 24 * 20), st.booleans()), min_size=1, max_size=60
)


def test_three_misses_three_minutes_apart_are_a_removal_at_the_time_of_the_first() -> None:
    run = Run()
    run.see("same", MINUTE)
    first = run.see("gone", MINUTE)
    assert first.standing.state == "missing"
    first_at = run.now
    run.see("changed", 3 * MINUTE)
    last = run.see("gone", 3 * MINUTE)
    assert (last.news, last.standing.state, last.standing.removed_at) == ("removed", "removed", first_at)


def test_a_miss_that_comes_too_soon_does_not_count() -> None:
    run = Run()
    run.see("gone", MINUTE)
    assert not run.see("gone", timedelta()).counted
    assert not run.see("gone", timedelta(minutes=2, seconds=59)).counted
    assert run.standing.misses == 1
    assert run.see("gone", timedelta(seconds=1)).counted


def test_a_miss_dated_by_a_clock_that_was_ahead_holds_up_no_removal() -> None:
    run = Run()
    run.see("gone", timedelta(days=1))
    assert run.see("gone", MINUTE - timedelta(days=1)).counted, "the clock is back"
    first_at = run.now
    run.see("gone", 3 * MINUTE)
    assert (run.standing.state, run.standing.removed_at) == ("removed", first_at)


def test_nothing_is_missed_while_our_own_line_is_down() -> None:
    run = Run()
    for _ in range(10):
        assert not run.see("gone", timedelta(hours=1), control=False).counted
        assert not run.see("unreachable", timedelta(hours=1), control=False).counted
    assert run.standing == up()


def test_a_time_out_breaks_the_row_of_misses() -> None:
    run = Run()
    run.see("gone", MINUTE)
    run.see("gone", 5 * MINUTE)
    assert run.see("unreachable", 5 * MINUTE).news == "unreachable"
    assert run.see("gone", 5 * MINUTE).standing.misses == 1


def test_unreachable_is_said_once_and_given_up_after_thirty_days() -> None:
    run = Run()
    news = [run.see("unreachable", timedelta(days=1)).news for _ in range(40)]
    assert [index for index, what in enumerate(news) if what] == [0, 30]
    assert run.standing.state == "off"
    assert next_check_at(run.standing, run.now, LIMITS) is None


def test_back_again_after_removal_is_told_and_starts_a_new_schedule() -> None:
    run = Run()
    for _ in range(3):
        run.see("gone", 3 * MINUTE)
    assert run.see("same", timedelta(days=3)).news == "returned"
    assert run.standing == Standing(state="up", since=run.now, last_good_at=run.now)


def test_other_content_or_silence_after_a_removal_is_no_return() -> None:
    run = Run()
    for _ in range(3):
        run.see("gone", 3 * MINUTE)
    for outcome in ("changed", "gone", "unreachable"):
        assert run.see(outcome, timedelta(hours=1)).news == ""
        assert run.standing.state == "removed"


def test_looks_are_hourly_for_a_week_then_daily() -> None:
    standing = up()
    for age, wait in ((0, 1), (6.9, 1), (7, 24), (300, 24)):
        now = START + timedelta(days=age)
        assert next_check_at(standing, now, LIMITS) == now + timedelta(hours=wait)


def test_after_a_removal_looks_thin_out_but_never_end() -> None:
    removed = Standing(state="removed", since=START, removed_at=START)
    for age, wait in ((1, 1), (8, 24), (90, 24 * 7), (3000, 24 * 7)):
        now = START + timedelta(days=age)
        assert next_check_at(removed, now, LIMITS) == now + timedelta(hours=wait)


def test_a_miss_is_followed_by_the_next_look_after_the_gap() -> None:
    run = Run()
    run.see("gone", MINUTE)
    assert next_check_at(run.standing, run.now, LIMITS) == run.now + LIMITS.miss_gap


def _counted_misses(history: Sequence[tuple[CheckResult, Verdict]]) -> list[datetime]:
    return [check.at for check, verdict in history if check.outcome in ABSENT and verdict.counted]


@given(checks)
def test_whatever_is_seen_the_promises_hold(seen: list[tuple[str, int, bool]]) -> None:
    run, history = Run(), []
    for outcome, minutes, control in seen:
        before = run.standing
        verdict = run.see(outcome, timedelta(minutes=minutes), control=control)
        history.append((CheckResult(outcome, run.now, control), verdict))
        after = verdict.standing
        assert before.state != "off" or after == before
        assert (after.state == "removed") == (after.removed_at is not None)
        assert (after.state == "missing") == (0 < after.misses < LIMITS.misses)
        if outcome != "same" and not control:
            assert after == before
        if verdict.news == "removed":
            three = _counted_misses(history)[-3:]
            assert len(three) == 3
            assert after.removed_at == three[0]
            assert all(later - sooner >= LIMITS.miss_gap for sooner, later in itertools.pairwise(three))
        if verdict.news == "returned":
            assert (outcome, before.state) == ("same", "removed")
        upcoming = next_check_at(after, run.now, LIMITS, counted=verdict.counted)
        assert (upcoming is None) == (after.state == "off")
        assert upcoming is None or upcoming > run.now


@given(checks)
def test_every_removal_is_followed_by_a_return_before_the_next(seen: list[tuple[str, int, bool]]) -> None:
    run = Run()
    for outcome, minutes, control in seen:
        run.see(outcome, timedelta(minutes=minutes), control=control)
    turns = [verdict.news for verdict in run.verdicts if verdict.news in ("removed", "returned")]
    assert turns == ["removed", "returned"] * (len(turns) // 2) + ["removed"] * (len(turns) % 2)


def test_a_fresh_standing_knows_of_no_miss() -> None:
    assert up() == Standing("up", START, 0, None, None, None, None, None)
    run = Run()
    assert run.see("same", MINUTE) == Verdict(Standing("up", START, last_good_at=START + MINUTE), counted=True)


def test_exactly_thirty_days_without_an_answer_end_the_watch() -> None:
    run = Run()
    run.see("unreachable", MINUTE)
    began = run.now
    almost = run.see("unreachable", LIMITS.unreachable_for - MINUTE)
    assert (almost.counted, almost.news, almost.standing.state) == (True, "", "unreachable")
    assert almost.standing.unreachable_since == began
    last = run.see("unreachable", MINUTE)
    assert (last.counted, last.news, last.standing.state) == (True, "unreachable", "off")
    assert run.see("same", MINUTE) == Verdict(last.standing, counted=False), "what isn't watched any more stays so"


def test_a_miss_begins_a_row_and_ends_a_silence() -> None:
    run = Run()
    run.see("unreachable", MINUTE)
    first = run.see("gone", MINUTE)
    assert (first.counted, first.news, first.standing) == (
        True,
        "",
        Standing("missing", START, 1, None, run.now, run.now, None, None),
    )
    run.see("unreachable", 4 * MINUTE)
    assert (run.standing.misses, run.standing.first_miss_at, run.standing.last_miss_at) == (0, None, None)


def test_a_removal_begins_a_schedule_of_its_own() -> None:
    run = Run()
    for _ in range(3):
        run.see("gone", 3 * MINUTE)
    assert run.standing.since == run.now
    for outcome in ("gone", "unreachable"):
        assert run.see(outcome, timedelta(days=91)).counted
    assert next_check_at(run.standing, run.now, LIMITS) == run.now + LIMITS.rarely
    assert next_check_at(run.standing, run.standing.since + LIMITS.removed_for, LIMITS, counted=False) == (
        run.standing.since + LIMITS.removed_for + LIMITS.miss_gap
    )
