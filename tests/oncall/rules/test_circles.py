"""Whom each round reaches."""

from dataclasses import replace
from itertools import pairwise, product

import pytest

from leeward.oncall.rules.circles import (
    CIRCLES,
    Person,
    Recipient,
    circles_of,
    instead_of_them,
    is_after_all,
    on_call_in,
    recipients_of,
    widening,
)

FLAGS = list(product((False, True), repeat=4))  # active, away, supervisor, on call


def person(number: int, active: bool, away: bool, supervisor: bool, on_call: bool) -> Person:
    return Person(
        number, active, away, supervisor, 1 if on_call else 0, (Recipient(number, "mail", f"p{number}@staff.example"),)
    )


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
    on_call = [one for one in people if one.is_active and not one.is_away and one.layer]
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


def test_layers_then_this_hotline_then_its_partner() -> None:
    people = [person(1, True, False, False, False), person(2, True, False, True, False)]
    layered = [
        replace(people[0], layer=1),
        replace(people[0], id=3, layer=2, ways=(Recipient(3, "mail", "x"),)),
        people[1],
    ]
    partner = frozenset({Recipient(0, "mail", "duty@partner.example")})
    circles = circles_of(layered, [], partner)
    assert len(circles) == CIRCLES
    assert [len(recipients_of(number, circles)) for number in range(1, 6)] == [1, 2, 3, 4, 4]
    assert recipients_of(3, circles)[-1].person_id == 3
    assert [is_after_all(number, circles) for number in range(1, 6)] == [False, False, False, False, True]
    assert on_call_in(circles) == frozenset(layered[0].ways + layered[1].ways)
    assert list(instead_of_them(circles)) == circles[3:6]
    first = circles_of(layered, [], partner, partner_first=True)
    assert partner <= frozenset(recipients_of(1, first))
