"""A peer's item becomes a report here, and by that a case: when somebody accepts it, at once where it is urgent or known."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from leeward.audit.services import hotline_transaction, record
from leeward.exchange.errors import NotSayable
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from leeward.exchange.rules.table import REFUSALS
from leeward.exchange.services.saying import locked, say_on
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hashbank.queries import known_many
from leeward.hashbank.rules.kinds import KINDS, Hash, read_hash
from leeward.intake import services as intake_services
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.typed import MOST_REFERRER
from leeward.intake.rules.where import item_drafts
from leeward.people import queries as people_queries
from leeward.people.services import authorize

URGENT_AN_HOUR, KNOWN_AN_HOUR = 60, 600


def accept(exchange_id: int, *, hotline_id: int, actor: Actor) -> int:
    """Accept a peer's item: it becomes a report here, and the peer is told. Returns the report's number; accepting it
    again changes nothing. Raises NotFound, NotSayable where it was withdrawn meanwhile."""
    authorize(actor, "report.enter", hotline_id)
    with hotline_transaction():
        exchange = locked(exchange_id)
        if exchange.side == "hosting" and exchange.report_id is not None:
            return int(exchange.report_id)
        return accept_row(exchange, actor=actor)


def accept_unseen(exchanges: Sequence[Exchange], rows: Mapping[int, Iterable[ExchangeMessage]], peer: Peer) -> None:
    """Accept what nobody here has to look at first, in the caller's transaction: what the peer calls urgent, and what
    came with a hash of a file that is known here. Of each no more than some an hour, so that no peer can page people all
    night or fill the queue; the others wait for somebody."""
    waiting = [row for row in exchanges if row.side == "hosting" and row.stage == "reported"]
    known = _known_among(waiting, rows)
    for is_urgent, most in ((True, URGENT_AN_HOUR), (False, KNOWN_AN_HOUR)):
        some = [row for row in waiting if row.is_urgent == is_urgent and (is_urgent or row.pk in known)]
        room = max(0, most - _accepted_lately(peer, is_urgent=is_urgent)) if some else 0
        for row in some[:room]:
            row.is_known = row.pk in known
            accept_row(row, actor=SYSTEM)


def _accepted_lately(peer: Peer, *, is_urgent: bool) -> int:
    now = datetime.now(UTC)
    lately = Exchange.objects.filter(begun_at__gt=now - timedelta(hours=1), begun_at__lte=now)
    taken = lately.filter(peer=peer, is_urgent=is_urgent, report_id__isnull=False)
    return int((taken if is_urgent else taken.filter(is_known=True)).count())


def _known_among(waiting: Sequence[Exchange], rows: Mapping[int, Iterable[ExchangeMessage]]) -> set[int]:
    """Return the numbers of those that came with a hash of the very file of a record that carries a decision. What only
    looks alike, or is doubted, a person looks at."""
    hashes = [_exact_hashes(rows[row.pk]) for row in waiting]
    if not any(hashes):
        return set()
    found = known_many(hashes, radius=-1)
    return {
        row.pk
        for row, matches in zip(waiting, found, strict=True)
        if any(match.may_decide and match.is_same_file and not match.is_harmless for match in matches)
    }


def _exact_hashes(rows: Iterable[ExchangeMessage]) -> list[Hash]:
    first = min((row for row in rows if row.kind == "report"), key=lambda row: row.number)  # a second one is refused
    given = first.details["report"].get("hashes", ())
    return [read_hash(one["kind"], one["value"]) for one in given if KINDS[one["kind"]].is_exact]


def accept_row(exchange: Exchange, *, actor: Actor) -> int:
    """Accept the item of a locked exchange, in the caller's transaction; return the report's number."""
    if exchange.side != "hosting" or exchange.stage != "reported":
        raise NotSayable(why=REFUSALS["not_at_this_stage"])
    reports = ExchangeMessage.objects.filter(exchange=exchange, side="reporting", kind="report")
    message = reports.order_by("number")[0]
    exchange.report_id = intake_services.receive_from_elsewhere(
        _draft(message),
        source=intake_services.PEER,
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
    portals = people_queries.portals_of(exchange.hotline_id, with_records=False)
    own = [row.id for row in portals if row.country == exchange.country]
    return own[0] if own else min(row.id for row in portals)
