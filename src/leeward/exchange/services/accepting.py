"""A peer's item becomes a report here, and by that a case: when somebody accepts it, at once where it is urgent."""

from datetime import UTC, datetime, timedelta

from leeward.audit.services import hotline_transaction, record
from leeward.exchange.errors import NotSayable
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from leeward.exchange.rules.table import REFUSALS
from leeward.exchange.services.saying import locked, say_on
from leeward.foundation.actor import Actor
from leeward.intake import services as intake_services
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.typed import MOST_REFERRER
from leeward.intake.rules.where import item_drafts
from leeward.people import queries as people_queries
from leeward.people.services import authorize

URGENT_AN_HOUR = 60


def accept(exchange_id: int, *, hotline_id: int, actor: Actor) -> int:
    """Accept a peer's item: it becomes a report here, and the peer is told. Returns the report's number; accepting it
    again changes nothing. Raises NotFound, NotSayable where it was withdrawn meanwhile."""
    authorize(actor, "report.enter", hotline_id)
    with hotline_transaction():
        exchange = locked(exchange_id)
        if exchange.side == "hosting" and exchange.report_id is not None:
            return int(exchange.report_id)
        return accept_row(exchange, actor=actor)


def may_accept_urgent(peer: Peer) -> bool:
    """Return whether one more urgent item of a peer is accepted without anybody here: no more than some an hour, so that
    none can page people all night. The others wait at the top of the list."""
    since = datetime.now(UTC) - timedelta(hours=1)
    taken = Exchange.objects.filter(peer=peer, is_urgent=True, report_id__isnull=False, begun_at__gt=since)
    return bool(taken.count() < URGENT_AN_HOUR)


def accept_row(exchange: Exchange, *, actor: Actor) -> int:
    """Accept the item of a locked exchange, in the caller's transaction; return the report's number."""
    if exchange.side != "hosting" or exchange.stage != "reported":
        raise NotSayable(why=REFUSALS["not_at_this_stage"])
    reports = ExchangeMessage.objects.filter(exchange=exchange, side="reporting", kind="report")
    message = reports.order_by("number")[0]
    exchange.report_id = intake_services.receive_from_peer(
        _draft(message),
        hotline_id=exchange.hotline_id,
        portal_id=_portal_for(exchange),
        language=message.details.get("language", "en"),
        received_at=datetime.now(UTC),
        actor=actor,
    )
    say_on(exchange, "acceptance", actor=actor)
    record(
        "exchange.accepted",
        actor=actor,
        hotline_id=exchange.hotline_id,
        subject=f"report:{exchange.report_id}",
        facts={"exchange": exchange.pk, "peer": exchange.peer_id},
    )
    return int(exchange.report_id)


def _draft(message: ExchangeMessage) -> ReportDraft:
    report = message.details["report"]
    location = report["location"]
    return ReportDraft(
        kind="page",
        items=item_drafts(location["address"], {}),
        where=location["address"],
        text=message.details.get("text", ""),
        referrer=location.get("referrer", "")[:MOST_REFERRER],
        is_marked=report.get("is_urgent", False),
    )


def _portal_for(exchange: Exchange) -> int:
    """Return the portal of the hosting country, else the hotline's first."""
    portals = people_queries.portals_of(exchange.hotline_id)
    own = [row.id for row in portals if row.country == exchange.country]
    return own[0] if own else min(row.id for row in portals)
