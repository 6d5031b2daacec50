"""Our messages to a peer: many in one signed request, sent until the peer signs that it has them.

A message without a receipt is tried again for about a day, ever more slowly. Then, or once the peer refuses it by a
code, it is held for a person: one key sends it anew. A report waits as long as the police come first. A try is counted before it is made:
what was never tried is nowhere but here, whenever a process is killed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.exchange import queries
from leeward.exchange.errors import PeerSilent
from leeward.exchange.line import own_private, post_for_receipt
from leeward.exchange.models import BASELESS, HELD, POLICE_FIRST, SENT, WAITING, Exchange, ExchangeMessage, Peer
from leeward.exchange.rules.receipts import ReceiptUnusable, read_receipt
from leeward.exchange.rules.schema import MOST_BYTES, MOST_IN_BATCH
from leeward.exchange.rules.signing import Reply
from leeward.exchange.rules.wire import write_batch
from leeward.exchange.services.ledger import DELIVER, message_of, tell_the_desk
from leeward.exchange.services.saying import withdraw
from leeward.exchange.services.unsending import drop_withdrawn
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.clockwatch import is_in_doubt
from leeward.jobs.services import schedule
from leeward.notices.queries import held_among, others_wait
from leeward.people.services import authorize

type Post = Callable[..., Reply]
FIRST_DELAY, MOST_DELAY = timedelta(seconds=30), timedelta(hours=1)
TRIED_FOR = timedelta(days=1)
TRIED_OFTEN = 10  # a worker that was away, or a clock that was behind, is no reason to give up
ALONE_AFTER = 3  # failures of the peer’s server
# A request says so much at most, so that one with long messages is never too large.
_MOST_OF_ONE = 60_000
STOPPED = "stopped"
ANEW = "looked_at_anew"
LOOK_AGAIN = timedelta(minutes=10)


def deliver(peer_id: int, *, post: Post = post_for_receipt) -> timedelta | None:
    """Send a peer what waits for it; return when to go on, or None if nothing waits. A report is sent only while its case's decision
    stands, and what is written about an item once its report arrived. In the hotline's scope; not in a transaction. Safe to run twice: the
    peer knows each message by its number."""
    waiting = ExchangeMessage.objects.filter(peer_id=peer_id, state=WAITING)
    now = datetime.now(UTC)
    drop_withdrawn(peer_id, now)
    sendable = _without_what_follows(waiting)
    due = sendable.filter(waits_since__lte=now).select_related("exchange").order_by("tries", "pk")
    rows = _that_fit(list(due[:MOST_IN_BATCH]))
    if _stay_here(rows, waiting, now):
        return timedelta(0)
    if not rows:
        first = sendable.aggregate(first=Min("waits_since"))["first"]
        return max(first - now, timedelta(0)) if first is not None else None
    peer = Peer.objects.get(pk=peer_id)
    if peer.state != "active":
        _hold(waiting, STOPPED, peer)
        return None
    rows = _begun(rows)
    if not rows:
        return timedelta(0)
    try:
        reply = _posted(peer, rows, post)
    except PeerSilent as error:
        return _not_sent(rows, str(error.values["why"]), peer)
    _settle(rows, reply, peer)
    return timedelta(0)


def move_waits(peers: list[int], after: datetime, by: timedelta) -> None:
    """Move what waits for these peers by `by` if it waits until later than `after`: the clock that it was written by was ahead."""
    waiting = ExchangeMessage.objects.filter(peer_id__in=peers, state=WAITING, waits_since__gt=after)
    waiting.update(waits_since=F("waits_since") + by)


def begin_trying_anew(now: datetime, since: datetime | None) -> None:
    """Let no message be held sooner for a clock that was wrong when it was written, since `since`, whatever that said then, or at any
    time. In the hotline's scope and in the caller's transaction."""
    tried = ExchangeMessage.objects.filter(state=WAITING, tries__gt=0, waits_since__lt=now)
    (tried if since is None else tried.filter(waits_since__gte=since)).update(waits_since=now)


def retry(message_id: int, *, hotline_id: int, actor: Actor) -> None:
    """Send a message that is held anew, with everything else held for the same peer. Raises NotFound."""
    authorize(actor, "case.act", hotline_id)
    with hotline_transaction():
        row = ExchangeMessage.objects.filter(pk=message_id).first()
        if row is None:
            raise NotFound(what=_("message"))
        held = ExchangeMessage.objects.filter(peer_id=row.peer_id, state=HELD).exclude(problem=BASELESS)
        count = held.update(state=WAITING, tries=1, problem="", waits_since=datetime.now(UTC))
        if count:
            schedule(DELIVER, subject_id=row.peer_id, hotline_id=hotline_id)
            record(
                "exchange.retried",
                actor=actor,
                hotline_id=hotline_id,
                subject=f"peer:{row.peer_id}",
                facts={"messages": count},
            )


def keep_back(case_ids: Collection[int]) -> None:
    """Hold each report of these cases that hasn't arrived, with what was written after it, since their decision no longer stands. Nobody
    sends it any more; as it may have arrived without a receipt, a person withdraws it. In the caller's transaction; safe to repeat."""
    unsent = ExchangeMessage.objects.filter(state__in=(WAITING, HELD)).exclude(problem=BASELESS)
    reports = unsent.filter(exchange__case_id__in=list(case_ids), kind="report").select_related("exchange")
    for row in reports.order_by("pk"):
        count = unsent.filter(exchange=row.exchange_id).exclude(kind="withdrawal").update(state=HELD, problem=BASELESS)
        record(
            "exchange.kept_back",
            actor=SYSTEM,
            hotline_id=row.hotline_id,
            subject=f"case:{row.exchange.case_id}",
            facts={"exchange": row.exchange_id, "messages": count},
        )


def _without_what_follows(waiting: QuerySet[ExchangeMessage]) -> QuerySet[ExchangeMessage]:
    """Leave out what is about an item whose report hasn't arrived there: its words would go before it. A withdrawal goes, since the report
    may have arrived without a receipt."""
    reports = ExchangeMessage.objects.filter(exchange=OuterRef("exchange"), kind="report", state__in=(WAITING, HELD))
    return waiting.filter(Q(kind__in=("report", "withdrawal")) | ~Exists(reports))


def _stay_here(rows: Sequence[ExchangeMessage], waiting: QuerySet[ExchangeMessage], now: datetime) -> bool:
    """Return whether any report among these isn't to be sent now: it is put off, or kept back since its case's decision no longer stands."""
    cases, stands = _ask_desk([row for row in rows if row.kind == "report"])
    fallen = [case for case, found in stands.items() if found is False]
    if fallen:
        with hotline_transaction():
            keep_back(fallen)
    anew = [exchange for exchange, case in cases.items() if stands.get(case, True) is None]
    early = _before_police(rows)
    put_off = waiting.exclude(kind="withdrawal")
    for problem, exchanges in ((POLICE_FIRST, early), (ANEW, anew)):
        put_off.filter(exchange__in=exchanges).update(problem=problem, waits_since=now + LOOK_AGAIN)
    return bool(fallen or anew or early)


def _ask_desk(reports: Sequence[ExchangeMessage]) -> tuple[dict[int, int], Mapping[int, bool | None]]:
    """Return the case of each report, by its exchange, and whether what is reported of each case stands."""
    cases = {row.exchange_id: row.exchange.case_id or 0 for row in reports}
    if not reports:
        return {}, {}
    config: Any = apps.get_app_config("exchange")
    return cases, config.ask_desk({cases[row.exchange_id]: row.details["report"].get("facts") for row in reports})


def _before_police(rows: Sequence[ExchangeMessage]) -> list[int]:
    """Return the exchanges whose report is about to be sent although its case waits for the police: they hold it since, or another one about
    its address, or more is to be told them first. It is sent once they let others be told."""
    reports = [row for row in rows if row.kind == "report"]
    waits = others_wait([row.exchange.case_id or 0 for row in reports])
    unknown = {row.exchange_id: _address_of(row) for row in reports if row.exchange.case_id not in waits}
    held = held_among(unknown.values())
    return [
        row.exchange_id
        for row in reports
        if unknown.get(row.exchange_id) in held or waits.get(row.exchange.case_id or 0)
    ]


def _address_of(row: ExchangeMessage) -> str:
    return str(row.details.get("report", {}).get("location", {}).get("address", ""))


def _that_fit(rows: list[ExchangeMessage]) -> list[ExchangeMessage]:
    """Return the first messages that fit into one request; one that was refused with others goes alone, and so does one
    that was three times among those at which the peer's server failed."""
    if rows and _goes_alone(rows[0]):
        return rows[:1]
    found: list[ExchangeMessage] = []
    size = 0
    for row in rows:
        size += len(str(row.details).encode()) + 1000
        if found and (size > MOST_BYTES - _MOST_OF_ONE or _goes_alone(row)):
            break
        found.append(row)
    return found


def _goes_alone(row: ExchangeMessage) -> bool:
    is_failure = row.problem.startswith("5") and row.tries >= ALONE_AFTER
    return row.problem == "refused" or is_failure


def _begun(rows: Sequence[ExchangeMessage]) -> list[ExchangeMessage]:
    """Count a try of each before it is made; return them as they are now."""
    mine = ExchangeMessage.objects.filter(pk__in=[row.pk for row in rows], state=WAITING)
    mine.update(tries=F("tries") + 1)
    return list(mine.select_related("exchange").order_by("tries", "pk"))


def _posted(peer: Peer, rows: Sequence[ExchangeMessage], post: Post) -> Reply:
    body = write_batch([message_of(row, row.exchange.uid) for row in rows])
    keys = list(queries.keys_of(peer.pk, datetime.now(UTC)).values())
    reply = post(f"{peer.url}/messages", body, private=own_private(peer.hotline_id, peer.our_serial), keys=keys)
    if reply.status_code != 200:
        raise PeerSilent(why=str(reply.status_code))
    return reply


def _settle(rows: Sequence[ExchangeMessage], reply: Reply, peer: Peer) -> None:
    """Store what the peer signed of each message: it arrived, or it is refused by a code. What was kept back meanwhile stays so unless it
    arrived."""
    try:
        codes = read_receipt(reply.body)
    except ReceiptUnusable:
        codes = {}
    proof = {name: value for name, value in reply.headers.items() if name.lower().startswith(("signature", "content-"))}
    now, exchanges = datetime.now(UTC), {row.pk: row.exchange for row in rows}
    with hotline_transaction():
        arrived, fallen = [], []
        stored = list(ExchangeMessage.objects.select_for_update().filter(pk__in=exchanges).order_by("pk"))
        for row in stored:
            code = codes.get((exchanges[row.pk].uid, row.number), "no_receipt")
            if code:
                row.state, row.problem = HELD, BASELESS if row.problem == BASELESS else code
                continue
            if row.kind == "report" and row.problem == BASELESS:
                fallen.append(row)
            row.state, row.problem, row.sent_at, row.receipt = SENT, "", now, {"headers": proof}
            if row.kind == "report":
                Exchange.objects.filter(pk=row.exchange_id).update(sent_at=now)
                arrived.append(exchanges[row.pk])
        ExchangeMessage.objects.bulk_update(stored, ["state", "problem", "sent_at", "receipt"])
        counts = {"sent": sum(row.state == SENT for row in stored), "refused": sum(row.state == HELD for row in stored)}
        record("exchange.sent", actor=SYSTEM, hotline_id=peer.hotline_id, subject=f"peer:{peer.pk}", facts=counts)
        _withdraw_fallen(fallen)
        tell_the_desk(arrived)


def _withdraw_fallen(reports: Sequence[ExchangeMessage]) -> None:
    """Withdraw those of these that arrived while their decision fell; in the caller's transaction."""
    cases, stands = _ask_desk(reports)
    for exchange_id, case_id in cases.items():
        if stands.get(case_id) is False:
            withdraw(exchange_id)


def _not_sent(rows: Sequence[ExchangeMessage], why: str, peer: Peer) -> timedelta:
    """Store why the peer has given no receipt; return when to try again. What was tried often and for a day is
    held."""
    refused = why.partition(" ")[0] in ("400", "413")
    ids = [row.pk for row in rows]
    problem = why[:100] if not refused else "refused"
    with hotline_transaction():
        mine = ExchangeMessage.objects.filter(pk__in=ids, state=WAITING)
        mine.update(problem=problem)
        late = mine.filter(waits_since__lt=datetime.now(UTC) - TRIED_FOR, tries__gte=TRIED_OFTEN)
        if is_in_doubt():  # by a clock that jumped, it was tried for days
            late = late.none()
        _hold(mine if refused and len(rows) == 1 else late, problem, peer)
    if refused:
        return timedelta(0)
    tries = max(row.tries for row in rows) - 1
    return min(FIRST_DELAY * int(2 ** min(tries, 10)), MOST_DELAY)


def _hold(rows: QuerySet[ExchangeMessage], problem: str, peer: Peer) -> None:
    with hotline_transaction():
        count = rows.update(state=HELD, problem=problem)
        if count:
            record(
                "exchange.held",
                actor=SYSTEM,
                hotline_id=peer.hotline_id,
                subject=f"peer:{peer.pk}",
                facts={"messages": count, "why": problem[:40]},
            )
