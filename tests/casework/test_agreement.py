"""Kappa against figures that others published, and against plain counting."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.casework.quality.rules.agreement import Kappa, kappa_of, pooled_kappa
from leeward.casework.quality.rules.drawing import Rates, reason_to_draw
from leeward.casework.quality.rules.drawn import chart_of
from leeward.casework.quality.rules.pairs import last_months
from leeward.casework.rules.second_look import ends_differ

ANSWERS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=40)


def pairs_of(table: list[list[int]]) -> list[tuple[int, int]]:
    return [
        (row, column) for row, line in enumerate(table) for column, number in enumerate(line) for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("table", "kappa", "error", "low", "high"),
    [
        # SAS's printout for this table, as it stands in the tests of statsmodels (stats/tests/test_inter_rater.py)
        ([[0, 4, 1], [0, 8, 0], [0, 1, 5]], 0.4842, 0.1380, 0.2137, 0.7547),
        # Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, third edition, chapter 18: diagnoses of 100 people
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.676, 0.088, 0.504, 0.848),
    ],
)
def test_against_published_examples(
    table: list[list[int]], kappa: float, error: float, low: float, high: float
) -> None:
    found = kappa_of(pairs_of(table))
    digits = len(str(kappa)) - 2
    assert (found.value, found.error, found.low, found.high) == pytest.approx(
        (kappa, error, low, high), abs=0.6 / 10**digits
    )


@given(ANSWERS)
def test_kappa_is_what_counting_by_hand_gives(pairs: list[tuple[str, str]]) -> None:
    found, number = kappa_of(pairs), len(pairs)
    same = sum(one == other for one, other in pairs) / number
    ones, others = zip(*pairs, strict=True)
    chance = sum(ones.count(answer) * others.count(answer) for answer in "abc") / number**2
    if chance == 1:
        assert found.value is None
        assert not found.is_known
        return
    assert found.value == pytest.approx((same - chance) / (1 - chance))
    if found.low is None or found.high is None:
        assert found.error is None, "no width would be certainty"
    else:
        assert -1 <= found.low < found.value < found.high <= 1 or found.value in (found.low, found.high)


@given(ANSWERS, st.randoms())
def test_the_order_of_people_and_cases_does_not_matter(pairs: list[tuple[str, str]], random: object) -> None:
    turned = [(other, one) for one, other in reversed(pairs)]
    assert kappa_of(turned).value == pytest.approx(kappa_of(pairs).value)
    assert kappa_of(turned).error == (kappa_of(pairs).error and pytest.approx(kappa_of(pairs).error))


def test_pooled_kappa_is_the_mean_agreement_beyond_the_mean_chance() -> None:
    """And its error is close to that of leaving out one subject after the other (the jackknife, which knows no formula)."""
    first, second = pairs_of([[30, 6], [8, 16]]), pairs_of([[20, 5], [15, 20]])
    subjects = [[one, other] for one, other in zip(first, reversed(second), strict=True)]
    found = pooled_kappa(subjects)
    parts = [kappa_of(first), kappa_of(second)]
    same = sum(part.same or 0 for part in parts) / 2
    chance = sum(1 - (1 - (part.same or 0)) / (1 - (part.value or 0)) for part in parts) / 2
    assert found.value == pytest.approx((same - chance) / (1 - chance))
    number = len(subjects)
    left_out = [pooled_kappa(subjects[:at] + subjects[at + 1 :]).value or 0 for at in range(number)]
    mean = sum(left_out) / number
    jackknife = sqrt((number - 1) / number * sum((value - mean) ** 2 for value in left_out))
    assert found.error == pytest.approx(jackknife, rel=0.05)


def test_few_pairs_give_no_figure_and_none_gives_none() -> None:
    assert not kappa_of([("a", "a"), ("b", "b")] * 4).is_known
    assert kappa_of([("a", "a"), ("b", "b")] * 5).is_known
    assert pooled_kappa([]) == Kappa(0)


def test_the_draw_is_the_same_each_time_and_as_often_as_the_rate_says() -> None:
    rates = Rates(illegal_percent=0, closed_percent=20, untrained_percent=60)
    drawn = [
        reason_to_draw("not_illegal", is_trained=number % 2 == 0, number=number, rates=rates, secret=b"s")
        for number in range(4000)
    ]
    again = [
        reason_to_draw("not_illegal", is_trained=number % 2 == 0, number=number, rates=rates, secret=b"s")
        for number in range(4000)
    ]
    assert drawn == again
    assert 0.17 < sum(why == "rate" for why in drawn) / 4000 < 0.23
    assert 0.17 < sum(why == "training" for why in drawn) / 4000 < 0.23
    everything = Rates(100, 100, 100)
    assert reason_to_draw("illegal", is_trained=True, number=1, rates=rates, secret=b"s") is None
    for unseen in ("not_found", "unsure"):
        assert reason_to_draw(unseen, is_trained=False, number=1, rates=everything, secret=b"s") is None


def test_who_cannot_tell_contradicts_nobody() -> None:
    assert ends_differ("illegal", "insufficient")
    assert not ends_differ("not_illegal", "out_of_scope")
    assert not ends_differ("illegal", "unsure")


def test_the_chart_leaves_gaps_where_nothing_is_known() -> None:
    from datetime import date

    months = last_months(date(2026, 2, 27), 4)
    assert months == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    good, few = kappa_of([("a", "a"), ("b", "b"), ("a", "b")] * 5), Kappa(3)
    chart = chart_of(list(zip(months, [good, few, good, good], strict=True)))
    assert chart.line.count("M") == 2
    assert chart.line.count("L") == 1
    assert [bool(mark.y) for mark in chart.marks] == [True, False, True, True]
    assert chart_of([(months[0], few)]).is_empty
