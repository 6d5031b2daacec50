"""Reading peers, invitations and our own card."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db.models import Q

from leeward.exchange.line import own_private
from leeward.exchange.models import SENT, ExchangeMessage, OwnCard, Peer, PeerInvitation, PeerKey
from leeward.exchange.rules.cards import Card
from leeward.exchange.rules.key_words import key_words
from leeward.exchange.rules.keys import OVERLAP, own_identifier
from leeward.exchange.rules.routing import Candidate
from leeward.foundation.crypto.tokens import make_token, read_token
from leeward.people import queries as people_queries

PURPOSE = "peer invitation"


@dataclass(frozen=True, slots=True)
class PeerRow:
    """Another hotline as the desk sees it; `key_words` is empty where only the list is shown."""

    id: int
    identifier: str
    name: str
    url: str
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    competences: tuple[str, ...]
    is_fallback: bool
    state: str
    knows_our_key: bool
    added_at: datetime
    confirmed_at: datetime | None
    key_words: tuple[str, ...] = ()
    restored: "tuple[RestoredPeer, ...]" = ()

    @property
    def about(self) -> str:
        """Return how a change that takes two people names it."""
        return f"{self.name} ({self.identifier[:8]})"


@dataclass(frozen=True, slots=True)
class RestoredPeer:
    """What a peer says of its restoring: of what was written between these moments it knows nothing. `sent` of our messages it
    had taken then (counted for a single peer only)."""

    backup_at: datetime
    restored_at: datetime
    sent: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation: its link while it works, and who used it."""

    id: int
    hotline_id: int
    hotline_name: str
    link: str
    made_at: datetime
    expires_at: datetime
    peer_id: int | None
    is_open: bool


def own_card(hotline_id: int) -> Card:
    """Return what a hotline says of itself, with its newest key and, for some time, the one before; in its scope."""
    row = _own(hotline_id)
    portals = people_queries.portals_of(hotline_id, with_records=False)
    countries = {portal.country for portal in portals} or {people_queries.hotline(hotline_id).country}
    identifier = own_identifier(settings.LEEWARD.secret_bytes, hotline_id)
    return Card(
        identifier=identifier,
        name=people_queries.hotline(hotline_id).name,
        url=f"{settings.LEEWARD.base_url}/exchange/{identifier}",
        countries=tuple(sorted(countries)),
        languages=tuple(sorted({language for portal in portals for language in portal.languages})),
        competences=tuple(row.competences),
        keys=tuple(own_public(hotline_id, serial) for serial in _serials(row)),
    )


def own_serial(hotline_id: int) -> int:
    """Return the number of a hotline's newest key."""
    return _own(hotline_id).serial


def own_public(hotline_id: int, serial: int) -> bytes:
    """Return one of a hotline's public keys."""
    return Ed25519PrivateKey.from_private_bytes(own_private(hotline_id, serial)).public_key().public_bytes_raw()


def hotline_named(identifier: str) -> int | None:
    """Return the hotline of this installation that peers know by this identifier, or None; needs no scope."""
    secret = settings.LEEWARD.secret_bytes
    return next((row.id for row in people_queries.hotlines() if own_identifier(secret, row.id) == identifier), None)


def peers() -> list[PeerRow]:
    """Return every other hotline that is known, by name."""
    return [_peer_row(row, {}) for row in Peer.objects.prefetch_related("restorings").order_by("name", "pk")]


def peer(peer_id: int) -> PeerRow | None:
    """Return one other hotline with the key words to compare, or None."""
    row = Peer.objects.filter(pk=peer_id).first()
    return _peer_row(row, {row.pk: words_with(row)}) if row else None


def words_with(row: Peer) -> tuple[str, ...]:
    """Return the key words that both hotlines read to each other: of our key that it knows and its newest one."""
    newest = PeerKey.objects.filter(peer=row, until__isnull=True).order_by("pk").first()
    return key_words(own_public(row.hotline_id, row.our_serial), bytes(newest.public)) if newest else ()


def keys_of(peer_id: int, now: datetime) -> dict[str, bytes]:
    """Return the public keys of a peer that are accepted now, by their names."""
    good = Q(until__isnull=True) | Q(until__gt=now)
    return {row.name: bytes(row.public) for row in PeerKey.objects.filter(good, peer_id=peer_id).order_by("-pk")}


def active_peers() -> dict[int, str]:
    """Return the names of the peers with whom reports are exchanged, by number."""
    return dict(Peer.objects.filter(state="active").values_list("pk", "name"))


def active_peer_with_key(name: str) -> Peer | None:
    """Return the peer whose key has this name, if reports are exchanged with it."""
    found = PeerKey.objects.select_related("peer").filter(name=name, peer__state="active").first()
    return found.peer if found else None


def candidates() -> list[Candidate]:
    """Return the peers that an item can go to."""
    rows: Iterable[Peer] = Peer.objects.filter(state="active")
    return [
        Candidate(row.pk, frozenset(row.countries), frozenset(row.competences), is_fallback=row.is_fallback)
        for row in rows
    ]


def invitations(now: datetime) -> list[InvitationRow]:
    """Return the invitations that still work, newest first."""
    rows = PeerInvitation.objects.filter(withdrawn_at__isnull=True, expires_at__gt=now).order_by("-pk")
    return [_invitation_row(row, now) for row in rows.select_related("hotline")]


def invitation_behind(token: str) -> InvitationRow | None:
    """Return what a link leads to, or None; needs no scope."""
    number = read_token(settings.LEEWARD.secret_bytes, PURPOSE, token)
    row = PeerInvitation.of_every_hotline.select_related("hotline").filter(pk=number).first() if number else None
    return _invitation_row(row, datetime.now(UTC)) if row else None


def _own(hotline_id: int) -> OwnCard:
    return OwnCard.objects.filter(hotline_id=hotline_id).first() or OwnCard(hotline_id=hotline_id)


def _serials(row: OwnCard) -> list[int]:
    is_fresh = row.rotated_at is not None and row.rotated_at + OVERLAP > datetime.now(UTC)
    return [row.serial, row.serial - 1] if is_fresh else [row.serial]


def _peer_row(row: Peer, words: dict[int, tuple[str, ...]]) -> PeerRow:
    return PeerRow(
        id=row.pk,
        identifier=row.identifier,
        name=row.name,
        url=row.url,
        countries=tuple(row.countries),
        languages=tuple(row.languages),
        competences=tuple(row.competences),
        is_fallback=row.is_fallback,
        state=row.state,
        knows_our_key=row.our_serial == own_serial(row.hotline_id),
        added_at=row.added_at,
        confirmed_at=row.confirmed_at,
        key_words=words.get(row.pk, ()),
        restored=_restored(row, is_counted=bool(words)),
    )


def _restored(row: Peer, *, is_counted: bool) -> tuple[RestoredPeer, ...]:
    """Return every restoring of which a peer said, newest first."""
    found = []
    for restoring in sorted(row.restorings.all(), key=lambda one: one.restored_at, reverse=True):
        moments = restoring.backup_at, restoring.restored_at
        sent = ExchangeMessage.objects.filter(peer=row, state=SENT, sent_at__range=moments)
        found.append(RestoredPeer(*moments, sent.count() if is_counted else 0))
    return tuple(found)


def _invitation_row(row: PeerInvitation, now: datetime) -> InvitationRow:
    token = make_token(settings.LEEWARD.secret_bytes, PURPOSE, row.pk)
    return InvitationRow(
        id=row.pk,
        hotline_id=row.hotline_id,
        hotline_name=row.hotline.name,
        link=f"{settings.LEEWARD.base_url}/exchange/invitation/{token}",
        made_at=row.made_at,
        expires_at=row.expires_at,
        peer_id=row.peer_id,
        is_open=row.withdrawn_at is None and now < row.expires_at,
    )
