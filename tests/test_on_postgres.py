"""Which tests run once more on PostgreSQL: every statement is asked by one that does."""

from typing import Any

import pytest

from tests.on_postgres import REPEATS, chosen, needed, shapes_of


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
    assert shapes_of('SELECT a FROM "b" WHERE "c" IN (%s, %s) LIMIT 21') == shapes_of(
        'SELECT a FROM "b" WHERE "c" IN (%s) LIMIT 1'
    )
    assert shapes_of("INSERT INTO a (b, c) VALUES (%s, %s), (%s, %s)") == shapes_of(
        "INSERT INTO a (b, c) VALUES (%s, %s)"
    )
    assert shapes_of("SAVEPOINT one") == set()


ROWS = 'SELECT "b"."c", "b"."d" FROM "b" WHERE "b"."c" = %s'


@pytest.mark.parametrize(
    ("more", "is_new"),
    [
        ('SELECT "b"."d" FROM "b" WHERE "b"."c" = %s', False),
        ('SELECT COUNT(*) AS "n" FROM "b" WHERE ("b"."c" = %s AND "b"."c" = %s)', False),
        (f'{ROWS} AND "b"."d" = %s', True),
        (f'{ROWS} AND "b"."c" IS NULL', True),
        (f'{ROWS} AND NOT ("b"."c" = %s)', True),
        (f'{ROWS} AND "b"."c"::text LIKE %s', True),
        (f'{ROWS} AND ("b"."c" -> %s) = %s', True),
        (f'{ROWS} ORDER BY "b"."c" DESC', True),
        (f"{ROWS} FOR UPDATE", True),
        (f'{ROWS} GROUP BY "b"."c"', True),
        ('SELECT "b"."c" FROM "b" INNER JOIN "e" ON ("b"."e_id" = "e"."id") WHERE "b"."c" = %s', True),
        ('SELECT LOWER("b"."c") FROM "b" WHERE "b"."c" = %s', True),
        ('SELECT "b"."c" FROM "b" WHERE "b"."c" = (SELECT "e"."id" FROM "e")', True),
        ('UPDATE "b" SET "c" = %s WHERE "b"."c" = %s', True),
        ('DELETE FROM "b" WHERE "b"."c" = %s', True),
        ('INSERT INTO "b" ("c") VALUES (%s)', True),
    ],
)
def test_a_part_that_was_not_asked_before_is_new(more: str, *, is_new: bool) -> None:
    assert bool(shapes_of(more) - shapes_of(ROWS)) is is_new


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


def test_rules_are_not_read_there_since_none_touches_the_database() -> None:
    tests = list(REPEATS.parent.rglob("rules/**/test_*.py"))
    assert len(tests) > 100
    assert [path for path in tests if "django_db" in path.read_text(encoding="utf-8")] == []
