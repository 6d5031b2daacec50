"""An item goes to the closest hotline that can act on it, and to none where that is not known."""

import pytest

from leeward.exchange.rules.routing import REASONS, Candidate, Place, Route, route_for

PEERS = [
    Candidate(1, frozenset({"BB", "TT", "LC"}), frozenset({"onion"}), is_fallback=False),
    Candidate(2, frozenset({"BB"}), frozenset(), is_fallback=False),
    Candidate(3, frozenset({"GB"}), frozenset({"onion", "peer_to_peer"}), is_fallback=True),
]


@pytest.mark.parametrize(
    ("place", "route"),
    [
        (Place("url", "BB"), Route(2, "country")),
        (Place("url", "TT"), Route(1, "country")),
        (Place("url", "KE"), Route(3, "fallback")),
        (Place("url", "JM"), Route(None, "hosted_here")),
        (Place("url", ""), Route(None, "no_country")),
        (Place("url", "BB", is_shielded=True), Route(None, "behind_shield")),
        (Place("onion", ""), Route(3, "competence")),
        (Place("onion", "TT"), Route(3, "competence")),
        (Place("onion", "JM"), Route(None, "hosted_here")),
        (Place("magnet", ""), Route(3, "competence")),
        (Place("newsgroup", "BB"), Route(None, "nobody_can")),
    ],
)
def test_an_item_goes_to_the_closest_peer(place: Place, route: Route) -> None:
    assert route_for(place, ("JM",), PEERS) == route
    assert route_for(place, ("JM",), PEERS[::-1]) == route, "whatever the order"


def test_without_a_fallback_an_orphan_country_has_no_peer() -> None:
    assert route_for(Place("url", "KE"), ("JM",), PEERS[:2]) == Route(None, "no_hotline")
    assert {route_for(Place(kind, "BB"), (), ()).reason for kind in ("url", "magnet")} <= REASONS.keys()
