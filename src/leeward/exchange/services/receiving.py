"""What a peer sends: signed, once, checked message by message, kept by its number, and receipted.

Each message is judged alone: one that can't be taken keeps none of the others out. The same one again gets the same
answer. Nothing becomes a case by itself, except what the peer calls urgent or what is known here by its hash:
everything else waits for somebody here.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.exchange import queries
from leeward.exchange.errors import PeerTooFast, RequestRefused
from leeward.exchange.line import own_private, signed_reply
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from leeward.exchange.rules.keys import own_identifier
from leeward.exchange.rules.receipts import Key, write_receipt
from leeward.exchange.rules.signing import Reply, Request
from leeward.exchange.rules.steps import other
from leeward.exchange.rules.wire import FAULTS, BatchRefused, Message, fault_of, read_batch
from leeward.exchange.services.accepting import accept_unseen
from leeward.exchange.services.ledger import follow, message_of, received, tell_the_desk
from leeward.exchange.services.own_keys import peer_behind
from leeward.foundation.actor import SYSTEM
from leeward.foundation.errors import NotFound
from leeward.web_security.services import allow

# Ten thousand messages come at once; a flood comes at a pace at which everybody else is served.
REQUESTS_A_MINUTE, REQUESTS_AT_ONCE = 60.0, 500
type Rows = dict[tuple[str, int], ExchangeMessage]  # of one exchange, by side and number


def take_messages(identifier: str, request: Request) -> Reply:
    """Take the messages of a peer's request and sign what became of each; needs no scope. Raises NotFound,
    SignatureBad, RequestRefused."""
    hotline_id = queries.hotline_named(identifier)
    if hotline_id is None:
        raise NotFound(what=_("hotline"))
    with scope(hotline=hotline_id):
        peer = peer_behind(request)
        if not allow("exchange", f"{hotline_id} {peer.pk}", per_minute=REQUESTS_A_MINUTE, burst=REQUESTS_AT_ONCE):
            raise PeerTooFast
        try:
            messages = read_batch(request.body)
        except BatchRefused as error:
            raise RequestRefused(error.code, f"{FAULTS[error.code]} {error.why}".strip()) from error
        with hotline_transaction():
            codes = _take(messages, peer)
        private = own_private(hotline_id, peer.our_serial)
    return signed_reply(Reply(200, request, {"content-type": "application/json"}, write_receipt(codes)), private)


def _take(messages: Sequence[Message], peer: Peer) -> dict[Key, str]:
    faults = _faults(messages, peer)
    known = _exchanges(messages, faults, peer)
    rows = _rows(known)
    codes: dict[Key, str] = {}
    fresh: list[ExchangeMessage] = []
    for message, fault in zip(messages, faults, strict=True):
        exchange = known.get(message.exchange)
        code = fault or _not_a_party(message, exchange, peer)
        if not code and exchange is not None:
            key = (message.step.side, message.step.number)
            kept = rows[exchange.pk].get(key)
            if kept is None:
                row = rows[exchange.pk][key] = received(exchange, message)
                fresh.append(row)
            elif message_of(kept, exchange.uid) != message:
                code = "other_message"
        codes[message.exchange, message.step.number] = code
    if fresh:
        _keep(fresh, rows, peer)
    return codes


def _faults(messages: Sequence[Message], peer: Peer) -> list[str]:
    """Return for each message the code of what is wrong with it, whichever exchange it belongs to."""
    own = own_identifier(settings.LEEWARD.secret_bytes, peer.hotline_id)
    items = {one.details["report"]["item"] for one in messages if one.step.kind == "report"}
    ours = set(Exchange.objects.filter(side="reporting", item__in=items).values_list("item", flat=True))
    found = []
    for one in messages:
        report = one.details.get("report", {})
        returns = own in report.get("path", ()) or report.get("item") in ours
        found.append("own_item_returned" if returns else fault_of(one))
    return found


def _exchanges(messages: Sequence[Message], faults: Sequence[str], peer: Peer) -> dict[str, Exchange]:
    """Return the exchanges that the messages belong to, by name; those that the peer begins are made."""
    uids = {one.exchange for one in messages}
    known = {row.uid: row for row in Exchange.objects.select_for_update().filter(uid__in=uids)}
    begun: dict[str, Exchange] = {}
    for one, fault in zip(messages, faults, strict=True):
        if one.exchange not in known and one.step.side == "reporting" and not fault:
            begun[one.exchange] = Exchange(
                hotline_id=peer.hotline_id, peer=peer, uid=one.exchange, side="hosting", begun_at=datetime.now(UTC)
            )
    for row in Exchange.objects.bulk_create(begun.values()):
        known[row.uid] = row
    return known


def _not_a_party(message: Message, exchange: Exchange | None, peer: Peer) -> str:
    """Return the code of why a peer has no part in this exchange, or ""."""
    if exchange is None or exchange.peer_id != peer.pk or message.step.side != other(exchange.ours):
        return "not_a_party"
    return ""


def _rows(known: dict[str, Exchange]) -> dict[int, Rows]:
    rows: dict[int, Rows] = {exchange.pk: {} for exchange in known.values()}
    for row in ExchangeMessage.objects.filter(exchange_id__in=rows):
        rows[row.exchange_id][row.side, row.number] = row
    return rows


def _keep(fresh: list[ExchangeMessage], rows: dict[int, Rows], peer: Peer) -> None:
    """Store new messages and what follows from them: one audit row for all."""
    ExchangeMessage.objects.bulk_create(fresh)
    touched = {row.exchange_id: row.exchange for row in fresh}
    for exchange in touched.values():
        follow(exchange, rows[exchange.pk].values())
        exchange.save()
    logged = [[row.exchange_id, row.number, row.kind, row.what] for row in fresh]
    record(
        "exchange.received",
        actor=SYSTEM,
        hotline_id=peer.hotline_id,
        subject=f"peer:{peer.pk}",
        facts={"messages": logged},
    )
    tell_the_desk(list(touched.values()))
    new_messages = {number: list(by_key.values()) for number, by_key in rows.items()}
    accept_unseen(list(touched.values()), new_messages, peer)
