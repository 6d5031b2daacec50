"""When a match is doubtful: several subscribers over days, and what reports weigh."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hashbank.rules.flood import LEAST_MATCHES, DayCount, heavy_days, is_flood, usual_matches
from leeward.hashbank.rules.reports import History, is_noted, total_weight, weight_of

TODAY = date(2026, 11, 20)
HEAVY = LEAST_MATCHES + 1


def test_what_reports_weigh() -> None:
    assert weight_of(History()) == 0.5
    assert weight_of(History(right=3)) == 0.8
    assert weight_of(History(wrong=8)) == 0.1
    histories = {"good": History(right=8), "bad": History(wrong=8)}
    assert total_weight(["good", "good", "new"], histories) == pytest.approx(1.4)
    assert not is_noted(["good"], histories)
    assert not is_noted(["good", "good"], histories)
    assert is_noted(["good", "bad"], histories)
    assert is_noted(["one", "two"], {})
    assert not is_noted(["one", "bad"], histories)


def test_history_reaches_thirty_days_and_not_today() -> None:
    day = TODAY
    counts = [DayCount("a", day - timedelta(days=ago), 30) for ago in (0, 1, 30, 31)]
    assert usual_matches(counts, before=day) == 2.0
    assert heavy_days([DayCount("a", day, LEAST_MATCHES)], day) == set()
    assert heavy_days([DayCount("a", day, HEAVY)], day) == {("a", day)}
    week_ago = day - timedelta(days=7)
    assert heavy_days([DayCount("a", week_ago, HEAVY)], day) == set()
    assert heavy_days([DayCount("a", day + timedelta(days=1), HEAVY)], day) == set()
    often = [DayCount("a", week_ago - timedelta(days=ago), 20 * 30) for ago in range(1, 31)]
    assert heavy_days([*often, DayCount("a", day, 20 * 600)], day) == set()
    assert heavy_days([*often, DayCount("a", day, 20 * 600 + 1)], day) == {("a", day)}


@given(
    st.lists(
        st.builds(DayCount, st.sampled_from("abcdef"), st.dates(date(2026, 10, 1), TODAY), st.integers(0, 10**5)),
        max_size=60,
    )
)
def test_no_two_subscribers_are_ever_a_flood(counts: list[DayCount]) -> None:
    few = [one for one in counts if one.subscriber in "ab"]
    assert not is_flood(few, TODAY)
    if is_flood(counts, TODAY):
        heavy = heavy_days(counts, TODAY)
        assert len({one for one, _ in heavy}) >= 3
        assert len({day for _, day in heavy}) >= 2


def test_three_subscribers_on_two_days_are_a_flood_and_fewer_are_not() -> None:
    def counts(subscribers: int, days: int) -> list[DayCount]:
        return [
            DayCount(str(one), TODAY - timedelta(days=ago), HEAVY) for one in range(subscribers) for ago in range(days)
        ]

    assert is_flood(counts(3, 2), TODAY)
    assert not is_flood(counts(2, 7), TODAY)
    assert not is_flood(counts(9, 1), TODAY)
    assert is_flood([DayCount(str(one), TODAY - timedelta(days=one % 2), HEAVY) for one in range(3)], TODAY)


def test_each_subscriber_has_its_own_history() -> None:
    before = [DayCount("a", TODAY - timedelta(days=ago), 10**4) for ago in range(8, 38)]
    now = [DayCount(one, TODAY, 10**4) for one in "ab"]
    assert heavy_days([*before, *now], TODAY) == {("b", TODAY)}
