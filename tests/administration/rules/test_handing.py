"""What keeps a portal from going to another hotline: all that is not counted as nothing."""

from leeward.administration.labels import IN_THE_WAY as WORDS
from leeward.administration.labels import STEPS_TO_CLEAR
from leeward.administration.rules.handing import IN_THE_WAY, PIECE, in_the_way, pieces_of

NOTHING = dict.fromkeys(IN_THE_WAY, 0)


def test_nothing_is_in_the_way_only_where_everything_was_counted() -> None:
    assert in_the_way(NOTHING | {"reports": 7, "cases": 3}) == ()
    assert in_the_way({}) == IN_THE_WAY
    for name in IN_THE_WAY:
        assert in_the_way(NOTHING | {name: 2}) == (name,)
        assert in_the_way({one: 0 for one in IN_THE_WAY if one != name}) == (name,), "unknown never means none"
    assert in_the_way(NOTHING | {"held": 1, "urgent": 1}) == ("urgent", "held"), "in the order of the list"


def test_each_of_them_has_one_step_that_clears_it() -> None:
    assert set(STEPS_TO_CLEAR) == set(WORDS) == set(IN_THE_WAY)


def test_what_follows_goes_in_pieces_that_hold_up_nobody_for_long() -> None:
    assert pieces_of([]) == []
    assert pieces_of(range(3)) == [(0, 1, 2)]
    pieces = pieces_of(range(2 * PIECE + 1))
    assert [len(one) for one in pieces] == [PIECE, PIECE, 1]
    assert [one for piece in pieces for one in piece] == list(range(2 * PIECE + 1))
