"""Kappa against figures that others published, and against plain counting."""

from datetime import UTC, date, datetime
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.casework.assessment.rules.second_assessment import ends_differ
from leeward.casework.quality.rules.agreement import Kappa, kappa_of, pooled_kappa
from leeward.casework.quality.rules.drawing import Rates, is_drawn_of_bulk, reason_to_draw
from leeward.casework.quality.rules.drawn import chart_of
from leeward.casework.quality.rules.pairs import (
    COMPARED,
    AssessmentPair,
    agreement_of,
    assessment_pairs,
    by_month,
    last_months,
)

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


def test_an_interval_ends_where_agreement_does() -> None:
    assert kappa_of(pairs_of([[1, 9], [9, 1]])).low == -1.0
    assert kappa_of(pairs_of([[9, 1], [1, 9]])).high == 1.0


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
    months = last_months(date(2026, 2, 27), 4)
    assert months == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    good, few = kappa_of([("a", "a"), ("b", "b"), ("a", "b")] * 5), Kappa(3)
    chart = chart_of(list(zip(months, [good, few, good, good], strict=True)))
    assert chart.line.count("M") == 2
    assert chart.line.count("L") == 1
    assert [bool(mark.y) for mark in chart.marks] == [True, False, True, True]
    assert chart_of([(months[0], few)]).is_empty


def test_the_chart_shows_figure_and_interval_to_scale() -> None:
    """Agreement below chance lies on the ground, and a figure without an interval has none."""
    months = last_months(date(2026, 2, 27), 4)
    figures = [
        Kappa(30, 0.9, 0.5, 0.1, 0.25, 0.75),
        Kappa(10, 1.0, 1.0),
        Kappa(3),
        Kappa(10, 0.1, -0.5, 0.1, -0.9, -0.1),
    ]
    chart = chart_of(list(zip(months, figures, strict=True)))
    assert [(mark.month, mark.kappa) for mark in chart.marks] == list(zip(months, figures, strict=True))
    assert [(mark.x, mark.y, mark.low, mark.high) for mark in chart.marks] == [
        ("34.0", "96.0", "138.0", "54.0"),
        ("138.7", "12.0", "", ""),
        ("243.3", "", "", ""),
        ("348.0", "180.0", "180.0", "180.0"),
    ]
    assert chart.line == "M34.0 96.0L138.7 12.0M348.0 180.0"
    assert chart.grid == (
        ("180.0", "0.0"), ("146.4", "0.2"), ("112.8", "0.4"), ("79.2", "0.6"), ("45.6", "0.8"), ("12.0", "1.0"),
    )  # fmt: skip
    assert not chart.is_empty
    assert [mark.x for mark in chart_of([(months[0], figures[0])]).marks] == ["34.0"]
    assert [mark.x for mark in chart_of([(months[0], figures[0]), (months[1], figures[1])]).marks] == ["34.0", "348.0"]
    assert chart_of([(months[0], Kappa(9, 0.9, 0.5))]).is_empty, "too few to be shown"
    assert chart_of([]).is_empty


def look(by: int, outcome: str, at: datetime, **facts: str) -> dict[str, Any]:
    return {"by": by, "outcome": outcome, "at": at, "facts": facts}


NIGHT = datetime(2026, 1, 1, 3, tzinfo=UTC)  # still the year before in Jamaica


def test_two_assessments_are_compared_fact_by_fact() -> None:
    """Acts by their level, whichever of its names somebody chose; the time is the second one's."""
    first = look(1, "illegal", NIGHT.replace(hour=1), act="animal", sex="male", age_band="7-10")
    pair = assessment_pairs(first, look(2, "not_found", NIGHT, act="uk_a", sex="female", age_band="7-10"))
    assert (pair.at, pair.first_by, pair.second_by, pair.ends) == (NIGHT, 1, 2, ("illegal", "closed"))
    answers = dict(zip(COMPARED, pair.answers, strict=True))
    assert (answers["level"], answers["sex"], answers["age_band"]) == (("a", "a"), ("male", "female"), ("7-10", "7-10"))
    assert assessment_pairs(first, look(2, "unsure", NIGHT)).ends == ("illegal", "unsure")
    other = assessment_pairs(look(1, "illegal", NIGHT, act="act_no_adult"), look(2, "illegal", NIGHT, act="none"))
    assert dict(zip(COMPARED, other.answers, strict=True))["level"] == ("b", "none")


def paired(sexes: str, end: str, at: datetime = NIGHT) -> AssessmentPair:
    names = {"m": "male", "f": "female"}
    one, other = (look(by, end, at, sex=names[letter]) for by, letter in enumerate(sexes))
    return assessment_pairs(one, other)


def test_agreement_is_told_for_the_end_for_each_fact_and_over_all_facts() -> None:
    found = agreement_of([paired("mm", "illegal"), paired("ff", "illegal"), paired("mf", "unsure")] * 4)
    assert (found.end.pairs, found.end.same, found.end.value) == (12, 1.0, 1.0)
    assert list(found.each) == list(COMPARED)
    assert found.each["sex"].same == pytest.approx(2 / 3)
    assert found.each["sex"].value == pytest.approx(0.4)
    assert all(kappa.same == 1.0 for name, kappa in found.each.items() if name != "sex")
    assert found.facts.same == pytest.approx(1 - 1 / 3 / len(COMPARED))


def test_a_look_counts_in_the_month_of_its_own_country() -> None:
    months = last_months(date(2026, 1, 31), 2)
    looks = [paired("mm", "illegal"), paired("mm", "unsure", datetime(2026, 1, 1, 5, tzinfo=UTC))]
    looks.append(paired("mm", "illegal", datetime(2025, 11, 30, tzinfo=UTC)))  # before the first month
    assert [(month, kappa.pairs) for month, kappa in by_month(looks, months, "America/Jamaica")] == [
        (date(2025, 12, 1), 1),
        (date(2026, 1, 1), 1),
    ]
    assert [kappa.pairs for _month, kappa in by_month(looks, months, "UTC")] == [0, 2]


def test_of_many_assessed_together_one_in_ten_is_drawn_and_one_at_least() -> None:
    rates = Rates(illegal_percent=1, closed_percent=0)

    def drawn(run: int, many: int, outcome: str = "illegal", rates: Rates = rates) -> list[int]:
        told = {"run": run, "many": many, "rates": rates, "secret": b"s"}
        return [rank for rank in range(many) if is_drawn_of_bulk(outcome, rank=rank, **told)]

    assert [drawn(run, 30) for run in range(4)] == [[4, 14, 24], [1, 11, 21], [1, 11, 21], [2, 12, 22]], "for good"
    assert all(len(drawn(run, many)) == 1 for run in range(20) for many in (2, 3, 9, 10))
    assert drawn(1, 1) == drawn(1, 30, "not_illegal") == []
    assert drawn(1, 30, "not_illegal", Rates(illegal_percent=0, closed_percent=1)) == [1, 11, 21]
    assert drawn(1, 30, "illegal", Rates(illegal_percent=0, closed_percent=1)) == []
    everything = Rates(100, 100, 100)
    assert drawn(1, 30, "not_found", everything) == drawn(1, 30, "unsure", everything) == []


def test_a_decision_once_drawn_stays_drawn_when_rates_rise() -> None:
    """By each rate the same decisions as by a lower one and more, also after an update of Leeward."""

    def drawn(outcome: str, *, is_trained: bool = True) -> list[int]:
        told = {"rates": Rates(10, 20, 30), "secret": b"s", "is_trained": is_trained}
        return [number for number in range(45) if reason_to_draw(outcome, number=number, **told)]

    everything = {"rates": Rates(100, 100, 100), "secret": b"s", "is_trained": True}
    assert all(reason_to_draw("illegal", number=number, **everything) for number in range(400))
    assert drawn("illegal") == [4, 25, 28, 41, 42]
    assert drawn("not_illegal") == [4, 9, 18, 25, 28, 31, 33, 34, 41, 42]
    assert (
        set(drawn("illegal", is_trained=False))
        == set(drawn("not_illegal", is_trained=False))
        > set(drawn("not_illegal"))
    )
