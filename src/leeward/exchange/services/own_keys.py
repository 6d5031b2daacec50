"""Our competences, and replacing keys: ours is announced to each peer under the old one, and theirs are taken likewise.

Peers get the new key one by one. Each message is signed by the newest key that its receiver has confirmed to know, so
nothing is lost while some can't be reached.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.exchange import queries
from leeward.exchange.errors import KeyRotated, LinkUnusable, PeerSilent, SignatureBad
from leeward.exchange.line import own_private, post_for_receipt, signed_reply
from leeward.exchange.models import OwnCard, Peer, PeerKey
from leeward.exchange.rules.cards import COMPETENCES, Card, CardUnusable, read_card, write_card
from leeward.exchange.rules.keys import OVERLAP
from leeward.exchange.rules.signing import Reply, Request, SignatureRefused, check_request, claimed_key, key_id
from leeward.exchange.rules.wire import FAULTS
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.jobs.services import schedule
from leeward.people.services import authorize
from leeward.web_security.services import note_nonce

ANNOUNCE = "exchange.announce_key"


def choose_competences(competences: Sequence[str], *, hotline_id: int, actor: Actor) -> None:
    """Set what this hotline can do that not every one can; peers learn it by the next invitation."""
    authorize(actor, "peer.edit", hotline_id)
    unknown = sorted(set(competences) - COMPETENCES.keys())
    if unknown:
        raise BadInput(
            what=_("the competence"), why=_("it is not one of %(known)s") % {"known": ", ".join(COMPETENCES)}
        )
    with hotline_transaction():
        row = _own(hotline_id)
        chosen = [one for one in COMPETENCES if one in competences]
        if row.competences != chosen:
            row.competences = chosen
            row.save()
            _record("own_card.changed", hotline_id, actor, competences=chosen)


def rotate_key(*, hotline_id: int, actor: Actor) -> None:
    """Replace our key: every peer is told of the new one under the old one. Raises KeyRotated while one may still need
    the one before."""
    authorize(actor, "peer.edit", hotline_id)
    now = datetime.now(UTC)
    with hotline_transaction():
        row = _own(hotline_id)
        late = Peer.objects.filter(state="active", our_serial__lt=row.serial).exists()
        if late or (row.rotated_at is not None and now < row.rotated_at + OVERLAP):
            raise KeyRotated(days=OVERLAP.days)
        row.serial, row.rotated_at = row.serial + 1, now
        row.save()
        for peer_id in Peer.objects.filter(state="active").values_list("pk", flat=True):
            schedule(ANNOUNCE, subject_id=peer_id, hotline_id=hotline_id)
        _record("own_key.rotated", hotline_id, actor, serial=row.serial)


def announce_key(peer_id: int) -> None:
    """Tell a peer of our newest key, under the one that it knows. Repeating it changes nothing. In the hotline's scope.
    Raises PeerSilent without its receipt."""
    peer = Peer.objects.filter(pk=peer_id, state="active").first()
    serial = queries.own_serial(peer.hotline_id) if peer else 0
    if peer is None or peer.our_serial >= serial:
        return
    keys = list(queries.keys_of(peer_id, datetime.now(UTC)).values())
    private = own_private(peer.hotline_id, peer.our_serial)
    card = write_card(queries.own_card(peer.hotline_id))
    reply = post_for_receipt(f"{peer.url}/keys", card, private=private, keys=keys)
    if reply.status_code != 200:
        raise PeerSilent(why=str(reply.status_code))
    with hotline_transaction():
        if Peer.objects.filter(pk=peer_id, our_serial__lt=serial).update(our_serial=serial):
            _record("own_key.announced", peer.hotline_id, SYSTEM, peer=peer_id, serial=serial)


def take_new_key(identifier: str, request: Request) -> Reply:
    """Take the keys that a peer announces under one that we know; the one before is accepted for some time more. Needs
    no scope. Nothing else of its card is taken: that needs an invitation and people. Raises NotFound, SignatureBad."""
    hotline_id = queries.hotline_named(identifier)
    if hotline_id is None:
        raise NotFound(what=_("hotline"))
    with scope(hotline=hotline_id):
        peer = peer_behind(request)
        try:
            card = read_card(request.body)
        except CardUnusable as error:
            raise LinkUnusable(why=_("what was sent is not a hotline’s card")) from error
        if card.identifier != peer.identifier:
            raise SignatureBad("key_unknown", FAULTS["key_unknown"])
        _take_keys(peer, card)
        private = own_private(hotline_id, peer.our_serial)
    return signed_reply(Reply(200, request, {"content-type": "application/json"}, b"{}"), private)


def peer_behind(request: Request) -> Peer:
    """Return the active peer that signed this request, which came for the first time. In the hotline's scope. Raises
    SignatureBad."""
    now = datetime.now(UTC)
    peer = queries.active_peer_with_key(claimed_key(request.headers))
    try:
        if peer is None:
            raise SignatureRefused("key_unknown" if request.headers.get("signature") else "signature_missing")
        signed = check_request(request, queries.keys_of(peer.pk, now), now)
    except SignatureRefused as error:
        raise SignatureBad(error.code, FAULTS[error.code]) from error
    if not note_nonce(f"{signed.key_id} {signed.nonce}", purpose="exchange"):
        raise SignatureBad("replayed", FAULTS["replayed"])
    return peer


def _take_keys(peer: Peer, card: Card) -> None:
    now = datetime.now(UTC)
    names = [key_id(key) for key in card.keys]
    with hotline_transaction():
        known = set(PeerKey.objects.filter(peer=peer).values_list("name", flat=True))
        fresh = [(name, key) for name, key in zip(names, card.keys, strict=True) if name not in known]
        if PeerKey.objects.exclude(peer=peer).filter(name__in=names).exists():
            raise SignatureBad("key_unknown", FAULTS["key_unknown"])
        if not fresh:
            return
        PeerKey.objects.filter(peer=peer, until__isnull=True).exclude(name=names[0]).update(until=now + OVERLAP)
        for name, key in fresh:
            until = None if name == names[0] else now + OVERLAP
            PeerKey.objects.create(hotline_id=peer.hotline_id, peer=peer, name=name, public=key, since=now, until=until)
        _record("peer_key.taken", peer.hotline_id, SYSTEM, peer=peer.pk, keys=[name for name, _key in fresh])


def _own(hotline_id: int) -> OwnCard:
    row: OwnCard | None = OwnCard.objects.select_for_update().filter(hotline_id=hotline_id).first()
    return row or OwnCard(hotline_id=hotline_id)


def _record(event: str, hotline_id: int, actor: Actor, **facts: object) -> None:
    record(event, actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
