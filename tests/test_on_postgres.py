"""Which tests run once more on PostgreSQL: every statement is asked by one that does."""

from typing import Any

import pytest

from tests.on_postgres import REPEATS, chosen, needed, shape_of


def test_each_statement_stays_with_the_quickest_that_ask_it() -> None:
    rows = [
        ("many", 4.0, False, ["a", "b", "c"]),
        ("one", 0.1, False, ["a"]),
        ("slow", 9.0, False, ["b"]),
        ("race", 2.0, True, ["c"]),
        ("race", 2.0, True, ["d"]),
        ("alone", 9.0, False, ["e"]),
    ]
    assert needed(rows) == ({"many", "one", "slow", "race", "alone"}, {"race", "one", "many", "alone"})


def test_statements_that_differ_in_numbers_and_length_are_one() -> None:
    assert shape_of("SELECT a FROM b WHERE c IN (%s, %s) LIMIT 21") == shape_of(
        "SELECT a FROM b WHERE c IN (%s) LIMIT 1"
    )
    assert shape_of("INSERT INTO a (b, c) VALUES (%s, %s), (%s, %s)") == shape_of(
        "INSERT INTO a (b, c) VALUES (%s, %s)"
    )
    assert shape_of("SELECT a FROM b") != shape_of("SELECT a FROM b FOR UPDATE")


def test_repeats_stay_away_and_whatever_is_new_runs() -> None:
    class Item:
        fixturenames = ("db",)

        def __init__(self, nodeid: str, **transaction: bool) -> None:
            self.nodeid, self._mark = nodeid, pytest.mark.django_db(**transaction).mark

        def get_closest_marker(self, name: str) -> object:
            return self._mark if name == "django_db" else None

    known = REPEATS.read_text(encoding="utf-8").split()[0]
    repeat, race, new = Item(known), Item(known, transaction=True), Item("tests/test_new.py::test_new")
    items: list[Any] = [repeat, race, new]
    assert chosen(items) == [race, new]
