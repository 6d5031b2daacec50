"""Gaps follow from what is known: a band gives a range, never one number."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.rules.gaps import (
    BANDS,
    CRITERIA,
    MODEL,
    Standing,
    band_of,
    edition_order,
    editions_of,
    gaps,
    standing,
    widest_edition,
)

UNKNOWN = dict.fromkeys(CRITERIA, "unknown")


def _known(band: str | None = None, **criteria: str) -> Standing:
    return Standing("7", 2013, band, {**UNKNOWN, **criteria}, ())


@pytest.mark.parametrize(("band", "fewest", "most"), [("0", 4, 4), ("1-3", 1, 4), ("4-5", 0, 1), (None, 0, 4)])
def test_a_band_alone_gives_the_range(band: str | None, fewest: int, most: int) -> None:
    found = gaps(_known(band))
    assert (found.fewest, found.most) == (fewest, most)


def test_no_criterion_met_settles_all_five() -> None:
    found = gaps(_known("0"))
    assert found.missing == CRITERIA
    assert not found.unknown


def test_a_known_criterion_narrows_the_range() -> None:
    found = gaps(_known("4-5", c5="no"))
    assert (found.met, found.fewest, found.most) == (MODEL, 0, 0)
    assert gaps(_known("1-3", c5="yes")).fewest == 2


def test_partial_counts_as_not_met() -> None:
    assert gaps(_known(c1="partial")).missing == ("c1",)


def test_a_band_that_the_criteria_contradict_says_nothing() -> None:
    found = gaps(_known("0", c1="yes"))
    assert (found.met, found.fewest, found.most) == (("c1",), 0, 3)


@given(
    st.sampled_from([None, *BANDS]),
    st.fixed_dictionaries({name: st.sampled_from(["yes", "no", "unknown"]) for name in CRITERIA}),
)
def test_the_range_holds_every_way_and_no_other(band: str | None, criteria: dict[str, str]) -> None:
    ways = []
    for values in product(("yes", "no"), repeat=5):
        way = dict(zip(CRITERIA, values, strict=True))
        if all(criteria[name] in ("unknown", way[name]) for name in CRITERIA) and band in (None, band_of(way)):
            ways.append(sum(way[name] == "no" for name in MODEL))
    if ways:
        found = gaps(_known(band, **criteria))
        assert (found.fewest, found.most) == (min(ways), max(ways))


def test_what_could_still_turn_out_either_way_is_unknown() -> None:
    assert gaps(_known("4-5", c1="yes")).unknown == ("c2", "c3", "c4", "c5")
    assert gaps(_known(c1="yes", c2="no")).unknown == ("c3", "c4", "c5")


# --- what an edition says of a country, and which edition a map shows -------------------------------------------------


def _file(*criteria: dict[str, object], bands: tuple[dict[str, object], ...] = ()) -> dict[str, object]:
    return {"criteria": criteria, "bands": bands}


def _row(edition: str, year: int | None = None, **criteria: str) -> dict[str, object]:
    return {"edition": edition, "year": year, **UNKNOWN, **criteria}


def test_editions_are_in_the_order_of_their_numbers() -> None:
    file = _file(_row("10"), _row("7"), _row("draft"), bands=({"edition": "1", "year": None, "band": "0"},))
    assert editions_of(file) == ["draft", "1", "7", "10"]
    assert (edition_order("10"), edition_order("draft")) == ((10, "10"), (0, "draft"))


def test_sources_that_agree_settle_a_criterion_and_those_that_disagree_leave_it_open() -> None:
    file = _file(
        _row("7", c1="yes", c2="no"),
        _row("7", 2013, c1="yes", c2="yes"),
        _row("6", 2010, c3="yes"),
        bands=({"edition": "7", "year": None, "band": "1-3"}, {"edition": "6", "year": 2010, "band": "0"}),
    )
    assert standing(file, "7") == Standing("7", 2013, "1-3", {**UNKNOWN, "c1": "yes"}, ("c2",))
    assert standing(file, "10") == Standing("10", None, None, UNKNOWN, ())


def test_silence_of_one_source_is_no_disagreement() -> None:
    found = standing(_file(_row("7", c1="yes"), _row("7")), "7")
    assert (found.criteria["c1"], found.disputed) == ("yes", ())


def test_the_band_follows_from_five_known_criteria() -> None:
    known = dict(zip(CRITERIA, ("yes", "yes", "partial", "yes", "yes"), strict=True))
    assert standing(_file(_row("7", 2013, **known)), "7") == Standing("7", 2013, "4-5", known, ())


@pytest.mark.parametrize(
    ("covered", "shown"),
    [
        ({"7": 4, "10": 2}, "10"),
        ({"7": 5, "10": 2}, "7"),
        ({"7": 3, "9": 3, "10": 1}, "9"),
        ({"7": 1}, "7"),
        ({}, None),
    ],
)
def test_a_map_shows_the_newest_edition_that_covers_half(covered: dict[str, int], shown: str | None) -> None:
    files = [_file(_row(edition)) for edition, states in covered.items() for _state in range(states)]
    assert widest_edition(files) == shown
