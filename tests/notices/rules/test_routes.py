"""Which changes would lead a letter to the police elsewhere, so that two people make them."""

import pytest

from leeward.notices.rules.routes import Route, Whose, beside, led_elsewhere, of_kinds

ONE = Route("a@x.example", ("en",), "F0", "Unit")
POLICE: Whose = ("police", "1")
PROTECTION: Whose = ("protection", "JM")
ABROAD: Whose = ("abroad", "CA")


@pytest.mark.parametrize(
    "other",
    [
        Route("b@x.example", ("en",), "F0", "Unit"),
        Route("a@x.example", ("fr",), "F0", "Unit"),
        Route("a@x.example", ("en",), "", "Unit"),
        Route("a@x.example", ("en",), "F0", "Other unit"),
        None,
    ],
)
@pytest.mark.parametrize("whose", [POLICE, PROTECTION, ABROAD])
def test_another_address_language_key_or_name_leads_elsewhere(whose: Whose, other: Route | None) -> None:
    assert led_elsewhere({whose: ONE}, {whose: ONE}) == []
    assert led_elsewhere({whose: ONE}, {whose: other}) == [whose]


@pytest.mark.parametrize("whose", [POLICE, PROTECTION, ABROAD])
def test_a_route_that_is_gone_leads_elsewhere(whose: Whose) -> None:
    assert led_elsewhere({whose: ONE}, {}) == [whose]


def test_a_first_route_counts_only_of_our_own_police() -> None:
    first = {POLICE: ONE, PROTECTION: ONE, ABROAD: ONE}
    assert led_elsewhere({}, first) == [POLICE]
    assert led_elsewhere(dict.fromkeys(first), first) == [POLICE]
    assert led_elsewhere({}, dict.fromkeys(first)) == []


def test_another_office_for_child_protection_counts_once_there_is_one() -> None:
    other = beside("JM", "b@x.example")
    assert other == ("protection", "JM/b@x.example")
    assert led_elsewhere({PROTECTION: ONE}, {PROTECTION: ONE, other: ONE}) == [other]
    assert led_elsewhere({PROTECTION: ONE, other: ONE}, {PROTECTION: ONE}) == [other]
    assert led_elsewhere({PROTECTION: None}, {PROTECTION: ONE, other: ONE}) == []
    assert led_elsewhere({("protection", "KY"): ONE}, {("protection", "KY"): ONE, other: ONE}) == []


def test_all_of_them_are_named_in_order() -> None:
    assert led_elsewhere({PROTECTION: ONE, POLICE: ONE, ABROAD: ONE}, {}) == [ABROAD, POLICE, PROTECTION]


def test_entries_that_can_be_part_of_a_route() -> None:
    assert of_kinds(["host", "police"])
    assert of_kinds(["protection"])
    assert not of_kinds(["host", "hotline"])
    assert not of_kinds([])
