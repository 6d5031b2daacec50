"""What is still up: the estimate of Kaplan and Meier against published figures, and what is said where it has no interval."""

import pytest

from leeward.indicators.rules.survival import Point, curve_of

# Weeks in remission of 21 patients given 6-MP (Freireich and others, 1963), with how many relapsed and how many were lost then.
WEEKS = {
    6: (3, 1), 7: (1, 0), 9: (0, 1), 10: (1, 1), 11: (0, 1), 13: (1, 0), 16: (1, 0), 17: (0, 1), 19: (0, 1), 20: (0, 1),
    22: (1, 0), 23: (1, 0), 25: (0, 1), 32: (0, 2), 34: (0, 1), 35: (0, 1),
}  # fmt: skip
# The estimates and log(-log) intervals that textbooks print of them.
PRINTED = {
    6: (0.8571, 0.6197, 0.9516), 7: (0.8067, 0.5631, 0.9228), 10: (0.7529, 0.5032, 0.8894),
    13: (0.6902, 0.4316, 0.8491), 16: (0.6275, 0.3675, 0.8049),
}  # fmt: skip


def test_textbook_figures() -> None:
    gone, left = zip(*WEEKS.values(), strict=True)
    found = dict(zip(WEEKS, curve_of(21, gone, left), strict=True))
    for week, (middle, lower, upper) in PRINTED.items():
        point = found[week]
        assert point is not None
        assert (point.middle, point.lower, point.upper) == pytest.approx((middle, lower, upper), abs=5e-5)
    assert found[17] is not None
    assert found[19] is None, "nine were still watched"
    assert found[35] is None


def test_where_nothing_or_everything_went_the_interval_is_the_binomial_one() -> None:
    (none, half), (everything, empty) = curve_of(20, [0, 10], [0, 0]), curve_of(20, [20, 0], [0, 0])
    assert none == Point(1.0, pytest.approx(0.8316, abs=5e-5), 1.0)
    assert half is not None
    assert half.middle == 0.5
    assert everything == Point(0.0, 0.0, pytest.approx(0.1684, abs=5e-5))
    assert empty is None
    with pytest.raises(ValueError, match="zip"):
        curve_of(20, [1, 2], [0])
    assert curve_of(9, [1], [0]) == [None]
    assert curve_of(10, [1], [0])[0] is not None
    last = curve_of(20, [10, 10], [0, 0])[1]
    assert last == Point(0.0, 0.0, pytest.approx(0.5 * (1 - 0.025**0.1)))
