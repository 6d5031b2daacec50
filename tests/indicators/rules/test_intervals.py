"""Intervals against published examples and the plain way of finding them."""

from math import comb, inf, isclose

import pytest

from leeward.indicators.rules.intervals import Interval, change, median, share


@pytest.mark.parametrize(
    ("hits", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_is_as_newcombes_examples_say(hits: int, whole: int, low: float, high: float) -> None:
    """Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3."""
    found = share(hits, whole)
    assert found is not None
    assert found.value == hits / whole
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_share_of_nothing_is_none_and_one_of_all_ends_at_one() -> None:
    assert share(0, 0) is None
    whole = share(20, 20)
    assert whole is not None
    assert (round(whole.low, 4), whole.high) == (0.8389, 1.0)
    assert max(found.high for number in range(1, 50) if (found := share(number, number))) == 1.0


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [((48, 80), (56, 70), 0.0524, 0.3339), ((3, 10), (9, 10), 0.1705, 0.8090), ((0, 10), (10, 10), 0.6075, 1.0)],
)
def test_a_change_is_as_newcombes_examples_say(
    before: tuple[int, int], after: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe, Interval estimation for the difference between independent proportions (1998), table II, method 10."""
    first, last = share(*before), share(*after)
    assert first is not None
    assert last is not None
    found = change(first, last)
    assert isclose(found.value, last.value - first.value)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    back = change(last, first)
    assert isclose(back.low, -found.high)
    assert isclose(back.high, -found.low)


@pytest.mark.parametrize("whole", [10, 11, 20, 37, 100, 999, 1000])
def test_the_ranks_of_a_median_are_the_widest_that_hold(whole: int) -> None:
    found = median((float(value), 1) for value in range(1, whole + 1))
    assert found is not None
    assert found.value == (whole + 1) // 2
    rank = int(found.low)
    assert found.high == whole + 1 - rank

    def missed(at: int) -> float:
        return 2 * sum(comb(whole, below) for below in range(at)) / 2**whole

    assert missed(rank) <= 0.05 < missed(rank + 1)


def test_tables_of_ranks_say_the_same() -> None:
    ranks = {10: (2, 9), 20: (6, 15), 100: (40, 61)}
    for whole, (low, high) in ranks.items():
        found = median([(float(value), 1) for value in range(whole, 0, -1)])
        assert found is not None
        assert (found.low, found.high) == (low, high)


def test_many_values_are_near_the_exact_ranks_and_few_have_none() -> None:
    found = median([(1.0, 900), (2.0, 202), (3.0, 900)])
    assert found == Interval(2.0, 2.0, 2.0)
    wide = median((float(value), 1) for value in range(1, 2002))
    assert wide is not None
    assert (wide.value, wide.low, wide.high) == (1001.0, 956.0, 1046.0)
    assert median([(1.0, 9)]) is None
    assert median([]) is None
    assert median([(1.0, 10)]) == Interval(1.0, 1.0, 1.0)


def test_what_never_ended_is_longer_than_all() -> None:
    assert median([(inf, 6), (1.0, 4), (2.0, 2)]) == Interval(2.0, 1.0, inf)
    assert median([(inf, 9), (1.0, 2)]) == Interval(inf, 1.0, inf)
