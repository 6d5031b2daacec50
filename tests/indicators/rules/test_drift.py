"""Hosting beside the law of its time: no hidden number comes closer, and growth is only what chance doesn't explain."""

from math import inf

import pytest

from leeward.indicators.rules.drift import ORDER, Then, Week, band_then, cells_of, rising, stays_of, weeks_of
from leeward.indicators.rules.intervals import share
from leeward.indicators.rules.stayed import day_of

LAWS = {
    ("US", 2020): Then("4-5", ("met",) * 5),
    ("US", 2025): Then("4-5", ("met",) * 5),
    ("JM", 2020): Then("1-3", ("met", "unknown")),
    ("JM", 2025): Then("4-5", ("met",) * 5),
    ("NL", 2020): Then("0", ("not_found",) * 5),
    ("BE", 2020): Then("0", ("not_found",) * 5),
    ("NL", 2025): Then("0", ("not_found",) * 5),
}


def law_of(country: str, year: int) -> Then:
    return LAWS.get((country, year), Then("unknown"))


@pytest.mark.parametrize(
    ("criteria", "edition", "band"),
    [
        (("met", "met", "met", "met", "unknown"), None, "4-5"),
        (("met", "met", "not_found", "partly", "met"), "4-5", "1-3"),
        (("not_found",) * 5, "4-5", "0"),
        (("met", "unknown", "unknown", "unknown", "unknown"), "4-5", "4-5"),
        (("met", "unknown", "unknown", "unknown", "unknown"), None, "unknown"),
        (("met", "unknown", "unknown", "unknown", "unknown"), "0", "unknown"),
        (("met", "met", "not_found", "not_found", "unknown"), "4-5", "1-3"),
        (("unknown",) * 5, "1-3", "1-3"),
        (("unknown",) * 5, "new", "unknown"),
        (("met", "unknown", "unknown", "unknown", "not_found"), "4-5", "4-5"),
        ((), "0", "0"),
        ((), None, "unknown"),
    ],
)
def test_the_law_of_a_time_is_what_was_read_and_else_what_an_edition_said(
    criteria: tuple[str, ...], edition: str | None, band: str
) -> None:
    assert band_then(criteria, edition) == band


def test_hidden_numbers_leave_a_range_that_holds_all_they_can_be() -> None:
    hosted = {
        (2020, "US"): 30,
        (2020, "JM"): None,
        (2020, "XX"): None,
        (2020, "NL"): 5,
        (2020, "BE"): 7,
        (2025, "US"): 8,
    }
    found = cells_of("", hosted, {2020: 50, 2025: 8}, law_of)
    assert [(one.year, one.band, one.low, one.high, one.whole) for one in found] == [
        (2025, "4-5", 8, 8, 8),
        (2020, "0", 12, 12, 50),
        (2020, "1-3", 0, 8, 50),
        (2020, "4-5", 30, 30, 50),
        (2020, "unknown", 0, 8, 50),
    ]
    least, most = share(0, 50), share(8, 50)
    assert least is not None
    assert most is not None
    ranged = found[2].share
    assert (ranged.low, ranged.high, ranged.value) == (least.low, most.high, 0.08)
    assert cells_of("", {}, {2020: 0}, law_of) == []
    assert cells_of("", {(2020, "US"): 0}, {2020: 5}, law_of) == []


def test_only_the_newest_years_are_shown() -> None:
    hosted = {(year, "US"): 3 for year in range(2000, 2030)}
    found = cells_of("s", hosted, dict.fromkeys(range(2000, 2030), 3), law_of)
    assert [one.year for one in found] == list(range(2029, 2014, -1))
    assert {one.source for one in found} == {"s"}


def test_growth_is_what_chance_does_not_explain_and_says_whether_the_law_moved() -> None:
    hosted = {
        (2020, "NL"): 10,
        (2025, "NL"): 60,
        (2020, "JM"): 5,
        (2025, "JM"): 25,
        (2020, "US"): 40,
        (2025, "US"): 42,
        (2025, "XX"): 30,
        (2020, "unknown"): 0,
        (2025, "unknown"): 60,
        (2020, "CA"): None,
        (2025, "CA"): 90,
        (2022, "US"): 1,
    }
    wholes = {2020: 200, 2022: 1, 2025: 200}
    found = rising("s", hosted, wholes, law_of, absent=0)
    assert [(one.country, one.first_year, one.last_year, one.stands_still, one.then, one.now) for one in found] == [
        ("NL", 2020, 2025, True, "0", "0"),
        ("XX", 2020, 2025, False, "unknown", "unknown"),
        ("JM", 2020, 2025, False, "1-3", "4-5"),
    ]
    assert found[0].source == "s"
    assert (found[0].before.value, found[0].after.value, found[0].change.value) == (0.05, 0.3, 0.25)
    assert all(one.change.low > 0 for one in found)
    assert [one.country for one in rising("s", hosted, wholes, law_of, absent=None)] == ["NL", "JM"]
    assert rising("s", hosted, {2020: 200}, law_of, absent=0) == []
    assert [one.country for one in rising("s", hosted, {2020: 200, 2025: 200}, law_of, absent=None)] == ["NL", "JM"]


def test_growth_is_measured_over_the_newest_years_only() -> None:
    wholes = dict.fromkeys(range(2000, 2030), 100)
    hosted = {(2000, "NL"): 1, (2015, "NL"): 50, (2029, "NL"): 51}
    assert rising("s", hosted, wholes, law_of, absent=0) == []


@pytest.mark.parametrize(
    ("hours", "day"),
    [("0", "0"), ("23", "0"), ("24", "1"), ("71", "2"), ("191", "7"), ("192", "7"), ("336", "14"), ("8760", "365"),
     ("8784", "365"), ("never", "never")],
)  # fmt: skip
def test_how_long_it_stayed_is_kept_coarsely(hours: str, day: str) -> None:
    assert day_of(hours) == day


def test_what_is_gone_in_a_week_is_told_by_law_where_every_number_is_shown() -> None:
    published = [
        (2024, "4-5:24", 5),
        (2025, "0:24", 5),
        (2025, "0:longer", 6),
        (2025, "4-5:24", 7),
        (2025, "4-5:168", 2),
    ]
    published += [(2025, "4-5:never", 3), (2025, "4-5:24", 8), (2025, "1-3:24", None), (2025, "1-3:48", 9)]
    published += [(2025, "unknown:24", 5), (2025, "unknown:24", None), (2024, "0:24", None), (2024, "0:24", 6)]
    found = weeks_of(published)
    assert [(one.year, one.band, one.number, one.gone and one.gone.value) for one in found] == [
        (2025, "0", 11, 5 / 11),
        (2025, "1-3", None, None),
        (2025, "4-5", 20, 17 / 20),
        (2025, "unknown", None, None),
        (2024, "0", None, None),
        (2024, "4-5", 5, 1.0),
    ]
    assert weeks_of([(2025, "0:never", 0)]) == [Week(2025, "0", 0, None)]
    many = weeks_of((year, f"{band}:72", 5) for year in range(1990, 2010) for band in ORDER)
    assert len(many) == 60
    assert many[-1] == Week(1995, "unknown", 5, share(5, 5))


def test_stays_are_told_by_the_law_of_their_year() -> None:
    removals = {
        (2025, "US", "0"): 5,
        (2025, "JM", "0"): 3,
        (2025, "JM", "7"): 4,
        (2025, "US", "never"): 2,
        (2025, "XX", "1"): 3,
    }
    removals |= {(2020, "JM", "6"): 1, (2020, "NL", "never"): 12}
    found = stays_of(removals, law_of)
    assert [(one.year, one.band, one.number) for one in found] == [
        (2025, "4-5", 14),
        (2025, "unknown", 3),
        (2020, "0", 12),
        (2020, "1-3", 1),
    ]
    assert found[0].days is not None
    assert (found[0].days.value, found[0].days.low, found[0].days.high) == (0.0, 0.0, 7.0)
    assert found[2].days is not None
    assert found[2].days.value == inf
    assert found[1].days is None
    assert [one.in_a_week.value for one in found] == [8 / 14, 1.0, 0.0, 1.0]
