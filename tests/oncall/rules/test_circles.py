"""Whom each round reaches."""

from itertools import pairwise, product

import pytest

from leeward.oncall.rules.circles import Person, Recipient, circles_of, recipients_of, widening

FLAGS = list(product((False, True), repeat=4))  # active, away, supervisor, on call


def person(number: int, active: bool, away: bool, supervisor: bool, on_call: bool) -> Person:
    return Person(number, active, away, supervisor, on_call, (Recipient(number, "mail", f"p{number}@staff.example"),))


@pytest.mark.parametrize("first", FLAGS)
def test_every_pair_of_colleagues_in_every_round(first) -> None:
    for second, hook in product(FLAGS, (False, True)):
        check_rounds(first, second, hook=hook)


def check_rounds(first, second, *, hook: bool) -> None:
    """Demand of a pair of colleagues that each round reaches whom it should."""
    people = [person(1, *first), person(2, *second)]
    own = [Recipient(0, "webhook", "https://pager.example/", 7)] if hook else []
    circles = circles_of(people, own)
    reached = [frozenset(recipients_of(number, circles)) for number in range(1, 7)]
    everybody = frozenset(way for one in people if one.is_active for way in one.ways) | frozenset(own)
    assert reached[-1] == everybody, "in the end everybody who has an account"
    assert all(before <= after for before, after in pairwise(reached)), "never narrower"
    if everybody:
        assert reached[0], "somebody at once, where there is anybody"
    grown = len(set(reached))
    assert reached[:grown] == sorted(set(reached), key=len), "each round wider, until everybody is reached"
    on_call = [one for one in people if one.is_active and not one.is_away and one.is_on_call]
    if on_call or own:
        assert reached[0] == frozenset(way for one in on_call for way in one.ways) | frozenset(own)
        return
    here = [one for one in people if one.is_active and not one.is_away]
    chiefs = [one for one in here if one.is_supervisor]
    expected = chiefs or here or [one for one in people if one.is_active]
    assert reached[0] == frozenset(way for one in expected for way in one.ways)


def test_nobody_is_nobody_in_every_round() -> None:
    assert widening([]) == []
    assert [recipients_of(number, circles_of([], [])) for number in (1, 2, 99)] == [[], [], []]
    with pytest.raises(ValueError, match="count from 1"):
        recipients_of(0, [])
