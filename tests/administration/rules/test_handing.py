"""What keeps a portal from going to another hotline: all that is not counted as nothing."""

from leeward.administration.rules.handing import IN_THE_WAY, in_the_way

NOTHING = dict.fromkeys(IN_THE_WAY, 0)


def test_nothing_is_in_the_way_only_where_everything_was_counted() -> None:
    assert in_the_way(NOTHING | {"reports": 7, "cases": 3}) == ()
    assert in_the_way({}) == IN_THE_WAY
    for name in IN_THE_WAY:
        assert in_the_way(NOTHING | {name: 2}) == (name,)
        assert in_the_way({one: 0 for one in IN_THE_WAY if one != name}) == (name,), "unknown never means none"
    assert in_the_way(NOTHING | {"held": 1, "urgent": 1}) == ("urgent", "held"), "in the order of the list"
