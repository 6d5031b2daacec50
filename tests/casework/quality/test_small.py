"""Public figures, attacked: by a solver over all tables together, and by somebody who knows the rule and tries every truth."""

from collections import defaultdict
from itertools import product
from time import perf_counter

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.casework.quality.rules import small as small_rules
from leeward.casework.quality.rules.small import FEWEST, Sum, given_away, public_counts, published

numbers = st.one_of(st.integers(0, 6), st.integers(0, 40))
MOST = 10_000


def publishable(cells: dict[str, int], sums: list[Sum]) -> dict[str, int | None]:
    """The cells as they may be shown, which could be found out in time."""
    found = published(cells, sums)
    assert not found.is_cut
    return found.shown


def solved(shown: dict[str, int | None], sums: list[Sum], small: set[str], cell: str, sense: object) -> int:
    """The least or most that a hidden cell can be, by HiGHS: an integer program over everything that is shown."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    wholes, variables = {one.whole for one in sums}, {}
    for name, number in shown.items():
        low, high = (1, FEWEST - 1) if name in small else (0, MOST)
        variables[name] = model.addIntegral(lb=low, ub=high) if number is None else model.addIntegral(number, number)
        if number is None and name not in wholes | small:  # hidden beside a small one: 0, or 5 and more
            some = model.addBinary()
            model.addConstr(variables[name] - FEWEST * some >= 0)
            model.addConstr(variables[name] - MOST * some <= 0)
    for one in sums:
        model.addConstr(sum(variables[part] for part in one.parts) - variables[one.whole] == 0)
    model.changeObjectiveSense(sense)
    model.changeColCost(variables[cell].index, 1.0)
    model.run()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(model.val(variables[cell]))


def assert_nothing_is_given_away(cells: dict[str, int], sums: list[Sum]) -> dict[str, int | None]:
    shown = publishable(cells, sums)
    wholes = {one.whole for one in sums}
    small = {name for name, number in cells.items() if 0 < number < FEWEST and name not in wholes}
    assert all(shown[name] is None for name in small)
    assert all(shown[name] in (None, number) for name, number in cells.items())
    for cell in small:
        low = solved(shown, sums, small, cell, highspy.ObjSense.kMinimize)
        high = solved(shown, sums, small, cell, highspy.ObjSense.kMaximize)
        assert (low, high) == (1, FEWEST - 1), (cell, shown)
    return shown


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from("abcdef"), numbers, min_size=1))
def test_one_table(parts: dict[str, int]) -> None:
    assert_nothing_is_given_away({**parts, "all": sum(parts.values())}, [Sum("all", tuple(parts))])


@settings(max_examples=40)
@given(st.integers(2, 3), st.integers(2, 3), st.data())
def test_a_table_by_two_things_with_sums_both_ways(rows: int, columns: int, data: st.DataObject) -> None:
    cells = {f"{row}{column}": data.draw(numbers) for row in "abc"[:rows] for column in "xyz"[:columns]}
    inner = list(cells)
    sums = [Sum(row, tuple(name for name in inner if name[0] == row)) for row in "abc"[:rows]]
    sums += [Sum(column, tuple(name for name in inner if name[1] == column)) for column in "xyz"[:columns]]
    cells |= {one.whole: sum(cells[part] for part in one.parts) for one in sums}
    sums += [Sum("all", tuple("abc"[:rows])), Sum("all", tuple("xyz"[:columns]))]
    cells["all"] = sum(cells[row] for row in "abc"[:rows])
    assert_nothing_is_given_away(cells, sums)


@settings(max_examples=40)
@given(st.lists(numbers, min_size=6, max_size=6))
def test_two_tables_that_share_cells(found: list[int]) -> None:
    cells = dict(zip("abcdef", found, strict=True))
    sums = [Sum("one", ("a", "b", "c", "d")), Sum("two", ("c", "d", "e", "f"))]
    cells |= {one.whole: sum(cells[part] for part in one.parts) for one in sums}
    assert_nothing_is_given_away(cells, sums)


def test_whoever_knows_the_rule_and_tries_every_truth_learns_no_more() -> None:
    """All truths that give the same page: in them each hidden part takes every value from 1 to 4."""
    pages: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for truth in product(range(7), repeat=4):
        counts = public_counts(dict(zip("abcd", truth, strict=True)))
        pages[*counts.parts.values(), counts.total].append(truth)
    for page, truths in pages.items():
        for place in range(4):
            if page[place] is None:
                assert {truth[place] for truth in truths} == {1, 2, 3, 4}, page


def test_two_ones_beside_a_visible_whole_were_given_away() -> None:
    counts = public_counts({"upheld": 1, "rejected": 1, "withdrawn": 0, "open": 10})
    assert (counts.parts, counts.total) == ({"upheld": None, "rejected": None, "withdrawn": 0, "open": 10}, None)
    counts = public_counts({"upheld": 2, "rejected": 3, "withdrawn": 0, "open": 10})
    assert counts.total == 15, "1 and 4, 2 and 3, 3 and 2, 4 and 1 all fit"


def test_the_checker_refuses_what_is_given_away() -> None:
    sums = [Sum("all", ("a", "b", "c"))]
    assert given_away({"a": None, "b": None, "c": 10, "all": 12}, sums, small=frozenset("ab")) == ["a", "b"]
    assert given_away({"a": None, "b": None, "c": 10, "all": 14}, sums, small=frozenset("ab")) == ["a", "b"]
    assert given_away({"a": None, "b": None, "c": 10, "all": 15}, sums, small=frozenset("ab")) == []
    assert given_away({"a": None, "b": 7, "c": None, "all": 20}, sums, small=frozenset("a")) == []
    assert given_away({"a": None, "b": 7, "c": None, "all": 9}, sums, small=frozenset("a")) == ["a"]


def test_no_more_is_hidden_than_would_give_a_small_part_away() -> None:
    two = [Sum("one", ("a", "b")), Sum("two", ("b", "c"))]
    assert publishable({"a": 9, "b": 20, "one": 29}, two[:1]) == {"a": 9, "b": 20, "one": 29}
    assert publishable({"a": 4, "b": 20, "one": 24}, two[:1]) == {"a": None, "b": 20, "one": None}
    assert publishable({"a": 5, "b": 0, "one": 5}, two[:1]) == {"a": 5, "b": 0, "one": 5}
    cells = {"a": 2, "b": 20, "c": 9, "one": 22, "two": 29}
    assert publishable(cells, two) == cells | {"a": None, "one": None}, "its own sum, not the other"
    assert publishable(cells, two[::-1]) == cells | {"a": None, "one": None}
    cells = {"ax": 2, "ay": 20, "bx": 3, "by": 40, "a": 22, "b": 43, "x": 5, "y": 60, "all": 65}
    ways = (
        ("a", ("ax", "ay")),
        ("b", ("bx", "by")),
        ("x", ("ax", "bx")),
        ("y", ("ay", "by")),
        ("all", ("a", "b")),
        ("all", ("x", "y")),
    )
    shown = publishable(cells, [Sum(*way) for way in ways])
    assert shown == cells | dict.fromkeys(("ax", "bx", "a", "b", "x"))
    many = [f"part {number}" for number in range(30)]
    assert public_counts(dict.fromkeys(many, 2)).total == 60


def test_one_whole_that_is_split_two_ways() -> None:
    """With the whole hidden, each way still tells its sum: the smallest parts that are shown go next."""
    sums = [Sum("all", ("a", "b")), Sum("all", ("c", "d"))]
    cells = {"a": 2, "b": 10, "c": 7, "d": 5, "all": 12}
    assert assert_nothing_is_given_away(cells, sums) == cells | dict.fromkeys(("a", "c", "d", "all"))


def test_what_no_single_sum_gives_away_but_all_of_them_do_is_found() -> None:
    """x + y and y + z and x + z tell whether their sum is even, so that "a" can't be 1; only trying the values shows it."""
    sums = [Sum("one", ("a", "x", "y")), Sum("two", ("y", "z")), Sum("three", ("x", "z"))]
    small = frozenset("axyz")
    shown: dict[str, int | None] = {**dict.fromkeys("axyz"), "one": 6, "two": 5, "three": 5}
    assert given_away(shown, sums, small=small) == ["a", "x", "y", "z"]
    free = [Sum("one", ("a", "w", "x", "y")), Sum("two", ("y", "z")), Sum("three", ("x", "z"))]
    shown |= {"w": None, "one": 10}
    assert "a" not in given_away(shown, free, small=small | {"w"}), "1 with 4, 1 and 4; 4 with 1, 1 and 4"


def test_a_hidden_part_that_is_not_small_is_none_or_five_and_more() -> None:
    two, three = [Sum("all", ("a", "b"))], [Sum("all", ("a", "b", "c"))]
    assert given_away({"a": None, "b": None, "all": 9}, two, small=frozenset("a")) == []
    assert given_away({"a": None, "b": None, "all": 8}, two, small=frozenset("a")) == ["a"], "4 would leave 4"
    assert given_away({"a": None, "b": None, "c": None, "all": 10}, three, small=frozenset("a")) == [], "1, 9 and 0"
    assert given_away({"a": None, "b": None, "all": None}, two, small=frozenset("a")) == []


def test_a_search_that_takes_too_long_counts_as_given_away(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = [Sum("all", ("a", "b", "c"))]
    shown: dict[str, int | None] = {"a": None, "b": None, "c": None, "all": 8}
    assert given_away(shown, sums, small=frozenset("abc")) == []
    monkeypatch.setattr(small_rules, "_MOST_STEPS", 1)
    assert given_away(shown, sums, small=frozenset("abc")) == ["a", "b", "c"]


def test_what_the_sums_settle_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """One step is enough: every sum is asked again after another has narrowed a part of it."""
    monkeypatch.setattr(small_rules, "_MOST_STEPS", 1)
    chain = [Sum("one", ("c", "d")), Sum("two", ("b", "c")), Sum("three", ("a", "b")), Sum("all", ("two", "three"))]
    shown: dict[str, int | None] = {**dict.fromkeys("abcd"), "one": 5, "two": 5, "three": 5, "all": None}
    assert given_away(shown, chain, small=frozenset("abcd")) == []
    beside = [Sum("all", ("a", "b", "d"))]
    assert given_away({"a": None, "b": None, "d": None, "all": 5}, beside, small=frozenset("ad")) == []


def _table(rows: int, columns: int) -> tuple[dict[str, int], list[Sum]]:
    """A table with sums both ways, full of small numbers."""
    cells = {f"r{row} c{column}": (row * 7 + column * 3) % 9 for row in range(rows) for column in range(columns)}
    sums = [Sum(f"r{row}", tuple(f"r{row} c{column}" for column in range(columns))) for row in range(rows)]
    sums += [Sum(f"c{column}", tuple(f"r{row} c{column}" for row in range(rows))) for column in range(columns)]
    return cells | {one.whole: sum(cells[part] for part in one.parts) for one in sums}, sums


@pytest.mark.parametrize(("rows", "columns"), [(12, 12), (30, 30), (400, 400)])
def test_all_searches_together_have_a_limit_and_then_everything_is_hidden(rows: int, columns: int) -> None:
    """More is suppressed, never less; and whoever shows it knows that it was."""
    cells, sums = _table(rows, columns)
    began = perf_counter()
    found = published(cells, sums)
    assert perf_counter() - began < 15
    assert found.is_cut
    assert set(found.shown) == set(cells)
    assert set(found.shown.values()) == {None}


def test_what_needs_no_search_is_shown_whatever_its_size() -> None:
    cells, sums = _table(40, 40)
    large = {name: number * 0 + 40 for name, number in cells.items()}
    assert published(large, sums) == small_rules.Published(large, is_cut=False)


def test_public_counts_say_that_they_could_not_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_rules, "_MOST_WORK", 3)
    counts = public_counts({"upheld": 1, "rejected": 8, "withdrawn": 0, "open": 10})
    assert (set(counts.parts.values()), counts.total, counts.is_cut) == ({None}, None, True)
