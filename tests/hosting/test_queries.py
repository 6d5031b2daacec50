"""Reading places: each hotline sees its own, what a text names is found, and the counts of queries stay."""

from collections.abc import Callable
from typing import Any

import pytest
from django_scopes import scope
from django_scopes.exceptions import ScopeError

from leeward.hosting import queries
from leeward.hosting.models import Location
from leeward.hosting.rules.address import canonical_url
from leeward.hosting.services import fetch, locate, open_location
from tests.hosting.conftest import HOST, Outside
from tests.personas import Cast

Place = Callable[[str], int]


def test_a_hotline_never_sees_anothers_places(place: Place, cast: Cast) -> None:
    number = place("http://bad.example/a")
    with scope(hotline=cast.other_hotline_id):
        assert queries.locations_by_id([number]) == {}
        assert queries.locations_on_host("bad.example") == []
        with pytest.raises(Location.DoesNotExist):
            queries.whereabouts(number)


def test_without_a_hotline_nothing_is_read(cast: Cast) -> None:
    with pytest.raises(ScopeError):
        queries.whereabouts(1)
    with pytest.raises(ScopeError):
        locate(1)
    with pytest.raises(ScopeError):
        fetch(1)


@pytest.mark.parametrize(
    "text", ["https://BAD.example:443/a#x", "hxxp://bad[.]example/a", "bad.example", "bad.exa", "example/a"]
)
def test_places_are_found_by_what_people_type(place: Place, text: str) -> None:
    number = place("http://bad.example/a")
    place("http://other.test/b")
    assert queries.locations_matching(text) == [number]


def test_a_link_to_a_persons_page_finds_what_was_reported_as_an_account_and_as_an_address(cast: Cast) -> None:
    link = "https://www.instagram.com/lantern.kite/"
    with scope(hotline=cast.hotline_id):
        as_account, as_address = (
            open_location(hotline_id=cast.hotline_id, kind=kind, display=link, comparable=comparable)
            for kind, comparable in (("account", "instagram:lantern.kite"), ("url", canonical_url(link).key))
        )
        assert set(queries.locations_matching(link)) == {as_account, as_address}


@pytest.mark.parametrize("text", ["", "  ", "nothing-of-this.test", "\x00", "%"])
def test_what_names_nothing_finds_nothing(place: Place, text: str) -> None:
    place("http://bad.example/a")
    assert queries.locations_matching(text) == []


def test_rows_say_what_is_known(place: Place) -> None:
    number, mail = place("http://bad.example:8080/a"), place("anna on kik")
    rows = queries.locations_by_id([number, mail])
    assert (rows[number].host, rows[number].comparable) == ("bad.example", "bad.example:8080/a")
    assert (rows[mail].kind, rows[mail].host, rows[mail].service) == ("account", "", "Kik")


def test_whereabouts_take_one_query_and_files_one(
    outside: Outside, place: Place, django_assert_num_queries: Any
) -> None:
    number = place(outside.url())
    locate(number)
    row = fetch(number)
    assert row is not None
    with django_assert_num_queries(1):
        assert queries.whereabouts(number).host == HOST
    with django_assert_num_queries(1):
        queries.files_of(row.id)
    with django_assert_num_queries(1):
        queries.latest_fetch(number)
