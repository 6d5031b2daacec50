"""What we write to another hotline: the report of an item, and everything that is said about it afterwards."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.exchange.errors import NoPeerForIt, NotSayable, ReportedAlready
from leeward.exchange.models import RECEIVED, Exchange, ExchangeMessage, Peer
from leeward.exchange.queries.items import standing_reports
from leeward.exchange.rules.offers import Offer, report_of
from leeward.exchange.rules.steps import Kind, Step
from leeward.exchange.rules.table import REFUSALS
from leeward.exchange.rules.timeline import may_say, timeline_of
from leeward.exchange.rules.wire import BatchRefused, Message, text_of
from leeward.exchange.services.ledger import follow, write
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.people.services import authorize


def report_item(offer: Offer, *, case_id: int, peer_id: int, hotline_id: int, actor: Actor) -> int:
    """Report the item of a case to a peer; return the exchange's number. Raises NoPeerForIt where nothing is exchanged
    with it any more, ReportedAlready where the case is with a hotline."""
    authorize(actor, "case.act", hotline_id)
    with hotline_transaction():
        peer = Peer.objects.filter(pk=peer_id, state="active").first()
        if peer is None:
            raise NoPeerForIt(why=_("nothing is exchanged with it any more."))
        if standing_reports([case_id]).exists():
            raise ReportedAlready
        if peer.identifier in offer.path:
            raise NoPeerForIt(why=_("it came from there."))
        now = datetime.now(UTC)
        exchange = Exchange.objects.create(
            hotline_id=hotline_id, peer=peer, uid=str(uuid.uuid4()), side="reporting", case_id=case_id, begun_at=now
        )
        message = Message(exchange.uid, Step("reporting", 1, 0, "report", offer.grade), now, report_of(offer))
        _written(exchange, message, actor)
        facts = {"exchange": exchange.pk, "peer": peer.pk, "grade": offer.grade, "hashes": len(offer.hashes)}
        record("exchange.reported", actor=actor, hotline_id=hotline_id, subject=f"case:{case_id}", facts=facts)
    return exchange.pk


def say(
    exchange_id: int,
    kind: Kind,
    *,
    hotline_id: int,
    actor: Actor,
    what: str = "",
    about: int = 0,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write our side's next message into an exchange. Raises NotSayable where the table forbids it, BadInput where
    `details` are not what this kind of message says."""
    authorize(actor, "case.act", hotline_id)
    with hotline_transaction():
        exchange = locked(exchange_id)
        say_on(exchange, kind, actor=actor, what=what, about=about, details=details)
        record(
            "exchange.said",
            actor=actor,
            hotline_id=hotline_id,
            subject=_subject(exchange),
            facts={"exchange": exchange.pk, "kind": kind, "what": what},
        )


def unsay(message_id: int, *, hotline_id: int, actor: Actor) -> None:
    """Undo what this person wrote last, before it is sent; a report that is undone leaves no exchange. Raises NotFound,
    NotSayable where it is too late, or something was written after it."""
    authorize(actor, "case.act", hotline_id)
    with hotline_transaction():
        mine = ExchangeMessage.objects.select_related("exchange").filter(pk=message_id, by_id=actor.id)
        row = mine.exclude(state=RECEIVED).first()
        if row is None:
            raise NotFound(what=_("message"))
        exchange = locked(row.exchange_id)
        later = ExchangeMessage.objects.filter(exchange=exchange, side=exchange.side, number__gt=row.number)
        if not row.is_untouched(datetime.now(UTC)) or later.exists():
            raise NotSayable(why=_("It is on its way already."))
        facts = {"exchange": exchange.pk, "kind": row.kind, "what": row.what}
        record("exchange.unsaid", actor=actor, hotline_id=hotline_id, subject=_subject(exchange), facts=facts)
        row.delete()
        left = list(ExchangeMessage.objects.filter(exchange=exchange))
        if left:
            follow(exchange, left)
            exchange.save()
        else:
            exchange.delete()


def say_done(report_ids: list[int], what: str, at: datetime) -> None:
    """Tell every hotline that reported one of these that something was done (`what` is one of `ACTIONS`). What was said
    before, or can't be said at this stage, is left out: it is safe to run twice. In the caller's transaction."""
    for exchange in _reported_by(report_ids):
        _say_if_possible(exchange, "action", what=what, details={"done_at": text_of(at)})


def say_undone(report_ids: list[int], what: str, *, only_by_itself: bool = False) -> None:
    """Withdraw what `say_done` said, and people here (unless `only_by_itself`), where it still stands. Safe to run twice. In the caller's
    transaction."""
    for exchange in _reported_by(report_ids):
        actions = ExchangeMessage.objects.filter(exchange=exchange, side=exchange.side, kind="action", what=what)
        if only_by_itself:
            actions = actions.filter(by=None)
        for number in actions.order_by("number").values_list("number", flat=True):
            _say_if_possible(exchange, "retraction", about=number)


def say_withdrawn(case_ids: Collection[int]) -> None:
    """Withdraw each report of these cases that arrived, since their decision no longer stands: once, also where the other hotline has acted
    on it. What hasn't arrived is kept back (`delivering.keep_back`). In the caller's transaction."""
    ours = Exchange.objects.filter(case_id__in=list(case_ids), side="reporting")
    for number in ours.filter(sent_at__isnull=False).order_by("pk").values_list("pk", flat=True):
        withdraw(number)


def withdraw(exchange_id: int) -> None:
    """Do the same with one. In the caller's transaction."""
    _say_if_possible(Exchange.objects.select_for_update().get(pk=exchange_id), "withdrawal")


def _reported_by(report_ids: list[int]) -> QuerySet[Exchange]:
    return Exchange.objects.select_for_update().filter(report_id__in=report_ids, side="hosting").order_by("pk")


def _say_if_possible(exchange: Exchange, kind: Kind, **more: Any) -> None:
    """Say it for the system, unless it is said already or has no effect now."""
    try:
        say_on(exchange, kind, actor=SYSTEM, **more)
    except NotSayable:
        return
    record(
        "exchange.said",
        actor=SYSTEM,
        hotline_id=exchange.hotline_id,
        subject=_subject(exchange),
        facts={"exchange": exchange.pk, "kind": kind, "what": more.get("what", "")},
    )


def say_on(
    exchange: Exchange,
    kind: Kind,
    *,
    actor: Actor,
    what: str = "",
    about: int = 0,
    details: Mapping[str, Any] | None = None,
) -> ExchangeMessage:
    """Write our side's next message into a locked exchange, in the caller's transaction. Raises as `say`."""
    step = _next_step(exchange, kind, what, about)
    code = may_say(timeline_of(_steps(exchange)), step)
    if code:
        raise NotSayable(why=REFUSALS[code])
    return _written(exchange, Message(exchange.uid, step, datetime.now(UTC), dict(details or {})), actor)


def locked(exchange_id: int) -> Exchange:
    """Return an exchange of the current hotline, locked until the transaction ends. Raises NotFound."""
    row: Exchange | None = Exchange.objects.select_for_update().filter(pk=exchange_id).first()
    if row is None:
        raise NotFound(what=_("exchange"))
    return row


def _written(exchange: Exchange, message: Message, actor: Actor) -> ExchangeMessage:
    try:
        return write(exchange, message, actor=actor)
    except BatchRefused as error:
        raise BadInput(what=_("The message"), why=error.why or error.code) from error


def _next_step(exchange: Exchange, kind: Kind, what: str = "", about: int = 0) -> Step:
    first = timeline_of(_steps(exchange)).next_step(exchange.ours)
    return replace(first, kind=kind, what=what, about=about)


def _steps(exchange: Exchange) -> list[Step]:
    return [row.step for row in ExchangeMessage.objects.filter(exchange=exchange)]


def _subject(exchange: Exchange) -> str:
    return f"case:{exchange.case_id}" if exchange.case_id is not None else f"report:{exchange.report_id}"
