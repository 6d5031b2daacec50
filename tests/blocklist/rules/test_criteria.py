"""What a case must be for each kind of list."""

import pytest

from leeward.blocklist.rules.criteria import distinct, is_under_13, missing, of_the_case
from leeward.blocklist.rules.scopes import Scope
from leeward.laws.rules.facts import parse_facts

FACTS = {"real_person": "yes", "age_band": "7-10", "medium": "photograph", "act": "uk_a"}
TWO = ("Jamaica", "Barbados")


def worst(scope: Scope = Scope.DOMAIN, by: tuple[str, ...] = TWO, **facts: object) -> tuple[str, ...]:
    return missing("worst_of", parse_facts(FACTS | facts), scope=scope, confirmed_by=by)


def test_a_national_list_asks_for_a_basis_alone() -> None:
    assert missing("national", parse_facts({}), scope=Scope.URL, confirmed_by=()) == ()
    assert of_the_case("national", parse_facts({})) == ()


def test_what_the_case_is_fails_before_anything_is_typed() -> None:
    assert of_the_case("worst_of", parse_facts(FACTS)) == ()
    assert of_the_case("worst_of", parse_facts({})) == ("real_child", "under_13", "severe")


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, ()),
        ({"act": "uk_b"}, ()),
        ({"act": "uk_c"}, ("severe",)),
        ({"act": "undetermined"}, ("severe",)),
        ({"real_person": "unknown"}, ("real_child",)),
        ({"medium": "drawing"}, ("real_child",)),
        ({"age_band": "11-13"}, ("under_13",)),
        ({"age_band": "11-13", "known_age": 12}, ()),
        ({"age_band": "14-15", "apparent_age": [9, 12]}, ()),
        ({"age_band": "undetermined"}, ("under_13",)),
    ],
)
def test_worst_of(facts: dict[str, object], wanted: tuple[str, ...]) -> None:
    assert worst(**facts) == wanted


def test_two_that_are_one_confirm_once() -> None:
    assert distinct([" Jamaica ", "JAMAICA", "", "Barbados"]) == ("Jamaica", "Barbados")
    assert worst(by=("Jamaica", "jamaica  ")) == ("confirmed",)


@pytest.mark.parametrize("scope", [Scope.URL, Scope.PATH, Scope.HOST])
def test_worst_of_has_whole_domains_only(scope: Scope) -> None:
    assert worst(scope) == ("domain",)


def test_twelve_is_under_thirteen() -> None:
    assert is_under_13(parse_facts(FACTS | {"age_band": "11-13", "known_age": 12}))
    assert not is_under_13(parse_facts(FACTS | {"age_band": "11-13", "known_age": 13}))
