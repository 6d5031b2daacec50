"""Which peer an item goes to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

# Where an item is hosted in no country, a peer is needed that can do this.
NEEDED = {
    "onion": "onion",
    "magnet": "peer_to_peer",
    "ed2k": "peer_to_peer",
    "file_hash": "peer_to_peer",
    "newsgroup": "newsgroups",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A peer with whom items are exchanged; `is_fallback`: it takes items of countries that have no hotline."""

    id: int
    countries: frozenset[str]
    competences: frozenset[str]
    is_fallback: bool


def peer_for(kind: str, country: str, peers: Iterable[Candidate]) -> Candidate | None:
    """Return the peer that an item goes to, or None if there is none: a location of this kind goes to whoever declared
    the competence, everything else to the hotline of the hosting country, else to a fallback. Among several the one
    with the fewest countries is closest, then the one known longest."""
    listed = sorted(peers, key=lambda peer: (len(peer.countries), peer.id))
    if kind in NEEDED:
        return next((peer for peer in listed if NEEDED[kind] in peer.competences), None)
    if not country:
        return None
    own = next((peer for peer in listed if country in peer.countries), None)
    return own or next((peer for peer in listed if peer.is_fallback), None)
