"""How two hotlines learn each other's keys: one makes a link, the other pastes it; each then has the other's card.

Nothing is exchanged by that alone: whoever stood between them would have been given both cards. Only the key words,
which people read to each other, show that nobody did (`confirming.py`).
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.exchange import queries
from leeward.exchange.errors import SILENCES, InvitationUnknown, LinkUnusable, PeerIsActive, PeerSilent, SignatureBad
from leeward.exchange.line import client, own_private, post_for_receipt, signed_reply
from leeward.exchange.models import Peer, PeerInvitation, PeerKey
from leeward.exchange.rules.cards import Card, CardUnusable, read_card, write_card
from leeward.exchange.rules.keys import OVERLAP
from leeward.exchange.rules.signing import Reply, Request, SignatureRefused, check_request, key_id
from leeward.exchange.rules.wire import FAULTS
from leeward.foundation.actor import SYSTEM, Actor
from leeward.people.services import authorize

INVITATION_GOOD_FOR = timedelta(days=7)
MOST_LINK = 500


def invite(*, hotline_id: int, actor: Actor) -> int:
    """Make an invitation for another hotline; return its number."""
    authorize(actor, "peer.edit", hotline_id)
    now = datetime.now(UTC)
    with hotline_transaction():
        row = PeerInvitation.objects.create(
            hotline_id=hotline_id, made_by_id=actor.id, made_at=now, expires_at=now + INVITATION_GOOD_FOR
        )
        _record("peer_invitation.made", hotline_id, actor, invitation=row.pk)
    return row.pk


def withdraw_invitation(invitation_id: int, *, hotline_id: int, actor: Actor) -> None:
    """Withdraw an invitation: its link stops working. Repeating it changes nothing."""
    authorize(actor, "peer.edit", hotline_id)
    with hotline_transaction():
        open_one = PeerInvitation.objects.filter(pk=invitation_id, withdrawn_at__isnull=True)
        if open_one.update(withdrawn_at=datetime.now(UTC)):
            _record("peer_invitation.withdrawn", hotline_id, actor, invitation=invitation_id)


def accept_invitation(link: str, *, hotline_id: int, actor: Actor) -> int:
    """Exchange cards with the hotline that made this link; return the number of the peer, whose words are to be
    compared. The same link again leads to the same peer. Raises LinkUnusable, PeerIsActive."""
    authorize(actor, "peer.edit", hotline_id)
    link = link.strip()
    card = _card_behind(link)
    own = queries.own_card(hotline_id)
    if card.identifier == own.identifier:
        raise LinkUnusable(why=_("it is this hotline’s own"))
    private = own_private(hotline_id, queries.own_serial(hotline_id))
    try:
        reply = post_for_receipt(link, write_card(own), private=private, keys=list(card.keys))
    except PeerSilent as error:
        why = str(error.values["why"])
        raise LinkUnusable(why=SILENCES.get(why, why)) from error
    if reply.status_code != 200:
        raise LinkUnusable(why=_("the other hotline has refused it"))
    with hotline_transaction():
        return _keep_peer(card, hotline_id, actor).pk


def answer_invitation(token: str, request: Request) -> Reply:
    """Take the card of the hotline to which the link was given, and sign that it arrived; needs no scope. The same card
    again gets the same answer; the link works for one hotline. Raises InvitationUnknown, LinkUnusable, SignatureBad,
    PeerIsActive."""
    found = queries.invitation_behind(token)
    if found is None or not found.is_open:
        raise InvitationUnknown
    try:
        card = read_card(request.body)
        check_request(request, {key_id(key): key for key in card.keys[:1]}, datetime.now(UTC))
    except CardUnusable as error:
        raise LinkUnusable(why=_("what was sent is not a hotline’s card")) from error
    except SignatureRefused as error:
        raise SignatureBad(error.code, FAULTS[error.code]) from error
    with scope(hotline=found.hotline_id):
        _take_card(found.id, card, found.hotline_id)
        private = own_private(found.hotline_id, queries.own_serial(found.hotline_id))
    return signed_reply(Reply(200, request, {"content-type": "application/json"}, b"{}"), private)


def _take_card(invitation_id: int, card: Card, hotline_id: int) -> None:
    if card.identifier == queries.own_card(hotline_id).identifier:
        raise LinkUnusable(why=_("it is this hotline’s own"))
    with hotline_transaction():
        row = PeerInvitation.objects.select_for_update(of=("self",)).select_related("peer").get(pk=invitation_id)
        if row.withdrawn_at is not None or (row.peer is not None and row.peer.identifier != card.identifier):
            raise InvitationUnknown
        row.peer = _keep_peer(card, hotline_id, SYSTEM)
        row.save(update_fields=["peer"])


def _keep_peer(card: Card, hotline_id: int, actor: Actor) -> Peer:
    """Store a hotline's card, unconfirmed; in the caller's transaction. The same card again changes nothing. Keys that
    another peer has are refused, and so are others than those that words were compared for."""
    names = [key_id(key) for key in card.keys]
    peer = Peer.objects.select_for_update().filter(identifier=card.identifier).first()
    if peer is not None:
        known = list(PeerKey.objects.filter(peer=peer, until__isnull=True).values_list("name", flat=True))
        if (known, peer.url) == (names[:1], card.url) and peer.state != "stopped":
            return peer
        if peer.state == "active":
            raise PeerIsActive
    now = datetime.now(UTC)
    peer = peer or Peer(hotline_id=hotline_id, identifier=card.identifier, added_at=now)
    peer.name, peer.url, peer.state, peer.confirmed_at = card.name, card.url, "unconfirmed", None
    peer.countries, peer.languages = list(card.countries), list(card.languages)
    peer.competences, peer.our_serial = list(card.competences), queries.own_serial(hotline_id)
    peer.save()
    PeerKey.objects.filter(peer=peer).delete()
    if PeerKey.objects.filter(name__in=names).exists():
        raise LinkUnusable(why=_("another hotline has this key"))
    for name, key in zip(names, card.keys, strict=True):
        until = None if name == names[0] else now + OVERLAP  # the one before its newest
        PeerKey.objects.create(hotline_id=hotline_id, peer=peer, name=name, public=key, since=now, until=until)
    _record("peer.added", hotline_id, actor, peer=peer.pk, keys=names)
    return peer


def _card_behind(link: str) -> Card:
    """Return the card of the hotline that made a link: it must say that it is reached where the link leads."""
    if len(link) > MOST_LINK or "/exchange/invitation/" not in link:
        raise LinkUnusable(why=_("it is not an invitation of a hotline"))
    with client() as way:
        answer = way.get(link)
    if answer.outcome != "answered" or answer.status != 200 or answer.content_type != "application/json":
        raise LinkUnusable(why=_("the other hotline’s server gives no card"))
    try:
        card = read_card(answer.body)
    except CardUnusable as error:
        raise LinkUnusable(why=_("the other hotline’s server gives no card")) from error
    if urlsplit(card.url)[:2] != urlsplit(link)[:2]:
        raise LinkUnusable(why=_("the hotline is not where the link leads"))
    return card


def _record(event: str, hotline_id: int, actor: Actor, **facts: object) -> None:
    record(event, actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
