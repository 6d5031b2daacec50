"""Which peer an item goes to, and why. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from leeward.foundation.lazy_text import LazyText as _

# Where an item is hosted in no country, a peer is needed that can do this.
NEEDED = {
    "onion": "onion",
    "magnet": "peer_to_peer",
    "ed2k": "peer_to_peer",
    "file_hash": "peer_to_peer",
    "newsgroup": "newsgroups",
    "wallet": "payments",
}
# Why an item goes to a peer, or to none.
REASONS = {
    "competence": _("This hotline takes what is hosted in no country."),
    "country": _("This is the hotline of the country where it is hosted."),
    "fallback": _("No hotline of the country where it is hosted is known; this one takes items of such countries."),
    "hosted_here": _("It is hosted in a country of this hotline."),
    "behind_shield": _("A service in front of it hides where it is hosted. Its abuse desk has to say that first."),
    "nobody_can": _("It is hosted in no country, and no hotline is known that takes such things."),
    "no_country": _("It is not known where it is hosted."),
    "no_hotline": _(
        "No hotline of the country where it is hosted is known, and none that takes its place. It goes by the police."
    ),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A peer with whom items are exchanged; `is_fallback`: it takes items of countries that have no hotline."""

    id: int
    countries: frozenset[str]
    competences: frozenset[str]
    is_fallback: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item is: the kind of its location, the hosting country if it is known, and whether a shield hides it."""

    kind: str
    country: str
    is_shielded: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """The peer that an item goes to, or None; `reason` is one of `REASONS`."""

    peer_id: int | None
    reason: str


def route_for(place: Place, home: Iterable[str], peers: Iterable[Candidate]) -> Route:
    """Return where an item goes: a location of a kind that no country hosts goes to whoever declared the competence,
    everything else to the hotline of the hosting country, else to a fallback; what is hosted at `home`, or hidden, to
    no peer. Among several the one with the fewest countries is closest, then the one known longest."""
    listed = sorted(peers, key=lambda peer: (len(peer.countries), peer.id))
    if place.is_shielded:
        return Route(None, "behind_shield")
    if place.country and place.country in home:
        return Route(None, "hosted_here")
    if place.kind in NEEDED:
        able = next((peer for peer in listed if NEEDED[place.kind] in peer.competences), None)
        return Route(able.id, "competence") if able else Route(None, "nobody_can")
    if not place.country:
        return Route(None, "no_country")
    own = next((peer for peer in listed if place.country in peer.countries), None)
    if own:
        return Route(own.id, "country")
    fallback = next((peer for peer in listed if peer.is_fallback), None)
    return Route(fallback.id, "fallback") if fallback else Route(None, "no_hotline")
