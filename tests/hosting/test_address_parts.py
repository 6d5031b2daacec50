"""A part of an address is found among all places of a hotline, on both databases, and without the index among the newest."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.hosting import address_parts, queries
from leeward.hosting.models import FoundFile, Location
from leeward.hosting.services import fetch, open_location
from tests.hosting.conftest import Outside
from tests.personas import Cast

Place = Callable[[str], int]
pytestmark = pytest.mark.django_db


@pytest.fixture
def old(place: Place, monkeypatch: pytest.MonkeyPatch) -> int:
    """A place with more places after it than are looked through one by one."""
    monkeypatch.setattr(queries, "RECENT", 5)
    number = place("http://old.example/Folder/first_100%25.jpg")
    for count in range(10):
        place(f"http://new-{count}.example/other")
    return number


@pytest.mark.parametrize("text", ["Folder/first", "folder/FIRST", "old.exa", "st_100%25", ".example/fold"])
def test_an_old_place_is_found_by_a_part(old: int, text: str) -> None:
    assert address_parts.is_there()
    assert queries.locations_matching(text) == [old]


@pytest.mark.parametrize("text", ["first-100", "%ldeer", "fo_der", "100%%jpg", "first' OR 1=1", '"', "x\\"])
def test_wildcards_and_quotes_are_letters_like_others(old: int, text: str) -> None:
    assert queries.locations_matching(text) == []


def test_two_letters_are_looked_for_among_the_newest(old: int, place: Place) -> None:
    number = place("http://zq.test/")
    assert queries.locations_matching("zq") == [number]
    assert queries.locations_matching("ol") == []


def test_the_newest_come_first_and_only_so_many(old: int) -> None:
    found = queries.locations_matching("example/other", most=3)
    assert found == sorted(found, reverse=True)
    assert len(found) == 3


def test_another_hotlines_places_are_not_found(old: int, cast: Cast) -> None:
    with scope(hotline=cast.other_hotline_id):
        assert queries.locations_matching("folder/first") == []
        mine = open_location(
            hotline_id=cast.other_hotline_id,
            kind="url",
            display="http://a.example/x",
            comparable="a.example/x-folder/first",
        )
        assert queries.locations_matching("folder/first") == [mine]


def test_what_is_changed_or_deleted_is_found_as_it_is_now(old: int, place: Place) -> None:
    Location.objects.filter(pk=old).update(comparable="moved.example/elsewhere")
    assert queries.locations_matching("folder/first") == []
    assert queries.locations_matching("ed.example/elsew") == [old]
    Location.objects.filter(pk=old).delete()
    assert queries.locations_matching("ed.example/elsew") == []


def test_without_the_index_the_newest_are_looked_through(old: int, place: Place) -> None:
    address_parts.remove(connection)
    assert not address_parts.is_there()
    number = place("http://last.example/folder/second")
    assert queries.locations_matching("folder/") == [number]
    connection.check_constraints()
    address_parts.make(connection)
    assert sorted(queries.locations_matching("folder/")) == sorted([old, number])


def test_a_place_is_found_by_the_hash_of_a_file_that_was_there(outside: Outside, place: Place, cast: Cast) -> None:
    number = place(outside.url())
    row = fetch(number)
    assert row is not None
    digest = "ab" * 32
    FoundFile.objects.create(
        hotline_id=cast.hotline_id, fetch_id=row.id, position=1, url=outside.url("/a.jpg"), media="image", sha256=digest
    )
    assert queries.locations_matching(digest.upper()) == [number]
    assert queries.locations_matching("0" * 64) == []


# What SQLite notes of a million places of one hotline.
MANY = (
    ("location_host", "1000000 1000000 25"),
    ("hosting_location_hotline_id_788629c5", "1000000 1000000"),
    ("sqlite_autoindex_hosting_location_1", "1000000 1000000 1"),
)


def test_two_letters_are_looked_for_from_the_end_without_sorting_every_place(place: Place) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL walks back by itself")
    numbers = [place(f"http://pages.example/{number}") for number in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'hosting_location'")
        cursor.executemany("INSERT INTO sqlite_stat1 VALUES ('hosting_location', %s, %s)", MANY)
        cursor.execute("ANALYZE sqlite_schema")  # reads what is noted
        with CaptureQueriesContext(connection) as asked:
            assert queries.locations_matching("pa") == numbers[::-1]
        plans: list[str] = []
        for query in asked.captured_queries:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
            plans += [line[3] for line in cursor.fetchall()]
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")
    assert any("hosting_location" in plan for plan in plans)
    assert not [plan for plan in plans if "TEMP B-TREE" in plan]
