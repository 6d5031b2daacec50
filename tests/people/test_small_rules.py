"""Names that look the same, what a changed time zone is about, who waits to be confirmed, and the mark of a form: each by itself."""

import pytest
from django.test import RequestFactory

from leeward.people.access import demand_as_shown, first_shown
from leeward.people.errors import EnteredSince
from leeward.people.rules.names import alike
from leeward.people.rules.reach import matters
from leeward.people.rules.second_person import Account, Granted, waits_for_confirming
from tests.people.test_second_person import LONG, NOW


@pytest.mark.parametrize("name", ["Ana", " ANA ", "\uff21na", "a\u200bna"])
def test_names_that_a_reader_takes_for_one(name: str) -> None:
    assert alike(name) == "ana"


def test_another_name_is_another() -> None:
    assert alike("Anna") == "anna"
    assert alike("Ana Maria") == "ana maria"


def test_a_changed_time_zone_has_a_letter_of_its_own() -> None:
    assert matters("portal", {"time_zone": "UTC"}, {"time_zone": "America/Jamaica"}) == ["day"]
    assert matters("portal", {"time_zone": "UTC"}, {"time_zone": "UTC"}) == ["reach"]
    both = {"time_zone": "America/Jamaica", "police_email": "new@police.example"}
    assert matters("portal", {"time_zone": "UTC", "police_email": "old@police.example"}, both) == ["day", "reach"]


@pytest.mark.parametrize(
    ("by", "confirmed", "role_by", "role_confirmed", "waits"),
    [
        (None, False, None, False, False),
        (2, False, None, False, True),
        (2, True, None, False, False),
        (None, False, 2, False, True),
        (None, False, 2, True, False),
        (None, True, None, True, False),
        (2, False, 2, False, True),
        (2, True, 2, True, False),
    ],
)
def test_who_waits_to_be_confirmed(
    by: int | None, confirmed: bool, role_by: int | None, role_confirmed: bool, waits: bool
) -> None:
    role = Granted("analyst", LONG, role_by, NOW if role_confirmed else None)
    assert waits_for_confirming(Account(1, LONG, by, NOW if confirmed else None, (role,))) is waits


def test_a_form_without_the_mark_of_what_holds_is_refused() -> None:
    post = RequestFactory().post
    demand_as_shown(post("/", {"seen": "m"}), "m")
    for sent, mark in (({}, "m"), ({"seen": ""}, "m"), ({"seen": "n"}, "m"), ({"seen": ""}, ""), ({}, "")):
        with pytest.raises(EnteredSince):
            demand_as_shown(post("/", sent), mark)


def test_a_form_that_comes_back_keeps_the_mark_of_what_was_read_first() -> None:
    assert first_shown(RequestFactory().get("/"), "now") == "now"
    assert first_shown(RequestFactory().post("/", {"seen": "first"}), "now") == "first"
    assert first_shown(RequestFactory().post("/"), "now") == ""
