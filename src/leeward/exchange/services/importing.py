"""A peer's items that come as a list and not by the line: each is in the inbox as if it had been reported, once."""

import hmac
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.exchange.errors import NoPeerForIt
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from leeward.exchange.rules.listed import Listed, Unread
from leeward.exchange.rules.offers import Offer, report_of
from leeward.exchange.rules.steps import UNASSESSED, Step
from leeward.exchange.rules.wire import BatchRefused, Message, fault_of, without_cards, write_batch
from leeward.exchange.services.accepting import accept_unseen
from leeward.exchange.services.ledger import follow, received
from leeward.foundation.actor import Actor
from leeward.people.services import authorize

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: the new items, those that were here already, and the lines that could not be taken."""

    new: int
    known: int
    unread: tuple[Unread, ...]


def import_items(peer_id: int, lines: Iterable[Listed | Unread], *, hotline_id: int, actor: Actor) -> Imported:
    """Put a peer's unassessed items into the inbox; importing a list again adds nothing. The peer is not answered by the
    line, for it has sent nothing by it. Raises NoPeerForIt where nothing is exchanged with it."""
    authorize(actor, "report.enter", hotline_id)
    peer = Peer.objects.filter(pk=peer_id, state="active").first()
    if peer is None:
        raise NoPeerForIt(why=_("nothing is exchanged with it any more."))
    read = list(lines)  # all of it is readable before any of it is stored
    unread = [line for line in read if isinstance(line, Unread)]
    new = known = 0
    for some in batched((line for line in read if isinstance(line, Listed)), AT_ONCE):
        messages: dict[str, Message] = {}
        for line in some:
            message = _message_of(line, peer)
            if message is None:
                unread.append(Unread(line.line, line.address[:80]))
            elif message.exchange in messages:
                known += 1
            else:
                messages[message.exchange] = message
        fresh = _keep(messages, peer, actor)
        new, known = new + fresh, known + len(messages) - fresh
    return Imported(new, known, tuple(sorted(unread, key=lambda one: one.line)))


def _message_of(line: Listed, peer: Peer) -> Message | None:
    """Return a line as the report that it stands for, or None if the schema forbids it. Its exchange has a name that
    nobody can tell beforehand: another peer could take it, and the line would never come in."""
    about = f"exchange list {peer.pk} {line.number or line.address}".encode()
    name = str(uuid.UUID(bytes=hmac.digest(settings.LEEWARD.secret_bytes, about, "sha256")[:16], version=4))
    offer = Offer(
        item=name,
        path=(peer.identifier,),
        kind=line.kind,
        address=line.address,
        grade=UNASSESSED,
        country=line.country,
        hashes=line.hashes,
    )
    step = Step("reporting", 1, 0, "report", UNASSESSED)
    message = without_cards(Message(name, step, datetime.now(UTC), report_of(offer)))
    try:
        write_batch([message])
    except BatchRefused:
        return None
    return None if fault_of(message) else message


def _keep(messages: dict[str, Message], peer: Peer, actor: Actor) -> int:
    """Store those that are not here yet, and what follows from them; return how many."""
    with hotline_transaction():
        before = set(Exchange.objects.filter(uid__in=messages).values_list("uid", flat=True))
        fresh = [message for uid, message in messages.items() if uid not in before]
        begun = [_begun(message, peer) for message in fresh]
        Exchange.objects.bulk_create(begun)
        rows = [received(exchange, message) for exchange, message in zip(begun, fresh, strict=True)]
        for exchange, row in zip(begun, rows, strict=True):
            follow(exchange, [row])
        Exchange.objects.bulk_update(begun, ["stage", "grade", "item", "path", "address", "country", "is_urgent"])
        ExchangeMessage.objects.bulk_create(rows)
        if begun:
            record(
                "exchange.imported",
                actor=actor,
                hotline_id=peer.hotline_id,
                subject=f"peer:{peer.pk}",
                facts={"items": len(begun)},
            )
            _accept(begun, rows, peer)
    return len(begun)


def _begun(message: Message, peer: Peer) -> Exchange:
    return Exchange(
        hotline_id=peer.hotline_id,
        peer=peer,
        uid=message.exchange,
        side="hosting",
        is_imported=True,
        begun_at=datetime.now(UTC),
    )


def _accept(begun: Sequence[Exchange], rows: Sequence[ExchangeMessage], peer: Peer) -> None:
    accept_unseen(begun, {row.exchange_id: [row] for row in rows}, peer)
