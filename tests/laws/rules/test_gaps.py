"""Gaps follow from what is known: a band gives a range, never one number."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.rules.gaps import BANDS, CRITERIA, MODEL, Standing, band_of, gaps

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
    assert not found.would_settle


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
