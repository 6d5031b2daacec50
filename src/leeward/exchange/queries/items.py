"""Reading exchanges: with whom, about what, what was said, and what can be said next."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from leeward.exchange.models import BASELESS, HELD, POLICE_FIRST, RECEIVED, WAITING, Exchange, ExchangeMessage
from leeward.exchange.rules.saying import Sayable, sayable
from leeward.exchange.rules.standing import HANDED_BACK
from leeward.exchange.rules.timeline import Timeline, timeline_of
from leeward.people.rules.reading import mark_of
from leeward.web_security.paging import Page, page_of

MOST_LISTED = 50
MOST_WAITING = 2_000


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A message on the timeline of both hotlines; `is_ours`: we wrote it. `at` is its author's time, `stored_at` ours.
    `state` says whether it arrived."""

    number: int
    is_ours: bool
    kind: str
    what: str
    at: datetime
    stored_at: datetime
    by_name: str
    text: str
    language: str
    country: str
    effect: str
    code: str
    state: str
    problem: str
    message_id: int
    by_id: int | None
    is_undoable: bool  # by whoever wrote it: it is the last of ours, and not sent yet

    @property
    def can_be_sent(self) -> bool:
        """Return whether it can be sent again if it is held."""
        return self.problem != BASELESS


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """What this hotline and a peer wrote about one item. `entries` and `sayable` are empty in lists."""

    id: int
    uid: str
    peer_id: int
    peer_name: str
    side: str
    case_id: int | None
    report_id: int | None
    item: str
    address: str
    country: str
    is_urgent: bool
    is_known: bool
    is_imported: bool
    stage: str
    grade: str
    begun_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    is_peer_active: bool
    entries: tuple[EntryRow, ...] = ()
    sayable: tuple[Sayable, ...] = ()
    report: dict[str, Any] | None = None

    @property
    def mark(self) -> str:
        """Return a mark of what was written, and where it is said to be: nobody answers by an older page what came in since."""
        return mark_of(self.id, self.stage, self.country, [one.message_id for one in self.entries])

    @property
    def is_ours(self) -> bool:
        """Return whether this hotline reported it."""
        return self.side == "reporting"


@dataclass(frozen=True, slots=True)
class Held:
    """A message of ours that waits for a person, and why."""

    id: int
    exchange_id: int
    peer_name: str
    kind: str
    what: str
    case_id: int | None
    report_id: int | None
    stored_at: datetime
    problem: str

    @property
    def can_be_sent(self) -> bool:
        """Return whether it can be sent again."""
        return self.problem != BASELESS


def exchange(exchange_id: int) -> ExchangeRow | None:
    """Return one exchange with its timeline, or None."""
    rows = Exchange.objects.select_related("peer").filter(pk=exchange_id)
    return next(iter(_with_timelines(rows)), None)


def exchanges_of(case_ids: QuerySet[Any, Any], report_ids: QuerySet[Any, Any]) -> list[ExchangeRow]:
    """Return the exchanges about these cases, oldest first: those in which this hotline reported them, and those that
    their reports came by; both are queries for numbers. One query where there are none."""
    about = Q(case_id__in=case_ids) | Q(report_id__in=report_ids)
    return _with_timelines(Exchange.objects.select_related("peer").filter(about).order_by("pk"))


def answers_of(case_id: int) -> list[tuple[int, datetime, datetime | None]]:
    """Return for each report of a case to a hotline its number, when it arrived there, and when that hotline first
    answered; one query."""
    exchanges = Exchange.objects.filter(case_id=case_id).order_by("pk")
    return [(row.pk, row.sent_at, row.answered_at) for row in exchanges if row.sent_at is not None]


def is_with_hotline_of(case_id: int, country: str) -> bool:
    """Return whether a hotline of this country has our report of a case, by its signed receipt, and it stands; one query."""
    there = standing_reports([case_id]).filter(sent_at__isnull=False).select_related("peer")
    return any(country.upper() in row.peer.countries for row in there)


def standing_reports(case_ids: Collection[int]) -> QuerySet[Exchange]:
    """Return the exchanges by which these cases were reported, or are about to be, without what was handed back or withdrawn: also where the
    other hotline had acted on it, so that its stage is another."""
    withdrawals = ExchangeMessage.objects.filter(exchange=OuterRef("pk"), side="reporting", kind="withdrawal")
    ours = Exchange.objects.filter(case_id__in=list(case_ids), side="reporting")
    found: QuerySet[Exchange] = ours.exclude(stage__in=HANDED_BACK).exclude(Exists(withdrawals))
    return found


def is_reported_to_stand(case_ids: Collection[int]) -> bool:
    """Return whether a hotline has our report of one of these cases, as far as is known, and it is neither handed back nor withdrawn; one
    query."""
    return bool(standing_reports(case_ids).filter(sent_at__isnull=False).exists())


def waiting_for_police() -> list[int]:
    """Return the cases whose report waits here since the police come first, oldest first; not more than MOST_WAITING."""
    rows = ExchangeMessage.objects.filter(state=WAITING, kind="report", problem=POLICE_FIRST).order_by("pk")
    cases = rows.values_list("exchange__case_id", flat=True)[:MOST_WAITING]
    return [case_id for case_id in cases if case_id is not None]


def offered_before(case_id: int, report_ids: Collection[int]) -> tuple[str, tuple[str, ...]] | None:
    """Return name and path of the item of a case that came from a hotline, or was reported to one before; else None."""
    about = Q(case_id=case_id) | Q(report_id__in=list(report_ids))
    row = Exchange.objects.filter(about).exclude(item="").order_by("pk").first()
    return (row.item, tuple(row.path)) if row else None


def to_accept(page: str | int | None = None, *, per_page: int = MOST_LISTED) -> Page[ExchangeRow]:
    """Return the items of peers that nobody here has accepted yet, urgent ones first, then the oldest."""
    rows = Exchange.objects.select_related("peer").filter(side="hosting", stage="reported")
    found = page_of(rows.order_by("-is_urgent", "pk"), page, per_page=per_page)
    return replace(found, rows=_with_timelines(found.rows))


def newest(page: str | int | None = None, *, per_page: int = 50) -> Page[ExchangeRow]:
    """Return all exchanges, newest first, without their timelines."""
    found = page_of(Exchange.objects.select_related("peer").order_by("-pk"), page, per_page=per_page)
    return replace(found, rows=[_row(row) for row in found.rows])


def every_exchange(*, at_once: int = 500) -> Iterator[ExchangeRow]:
    """Yield every exchange with its timeline, oldest first, some at once."""
    last = 0
    while rows := list(Exchange.objects.select_related("peer").filter(pk__gt=last).order_by("pk")[:at_once]):
        yield from _with_timelines(rows)
        last = rows[-1].pk


def count_written() -> int:
    """Return how many messages this hotline has written."""
    return int(ExchangeMessage.objects.exclude(state=RECEIVED).count())


def held_messages(*, most: int = 100) -> list[Held]:
    """Return our messages that can't be delivered, oldest first. What was withdrawn since its case's decision was needs nobody any more."""
    held = ExchangeMessage.objects.filter(state=HELD).exclude(problem=BASELESS, exchange__stage="withdrawn")
    rows = held.select_related("exchange", "peer").order_by("pk")[:most]
    return [
        Held(
            id=row.pk,
            exchange_id=row.exchange_id,
            peer_name=row.peer.name,
            kind=row.kind,
            what=row.what,
            case_id=row.exchange.case_id,
            report_id=row.exchange.report_id,
            stored_at=row.stored_at,
            problem=row.problem,
        )
        for row in rows
    ]


def _with_timelines(rows: Iterable[Exchange]) -> list[ExchangeRow]:
    listed = list(rows)
    if not listed:
        return []
    messages: dict[int, list[ExchangeMessage]] = {row.pk: [] for row in listed}
    for message in ExchangeMessage.objects.filter(exchange_id__in=messages).select_related("by").order_by("pk"):
        messages[message.exchange_id].append(message)
    return [_whole(row, messages[row.pk]) for row in listed]


def _whole(row: Exchange, messages: list[ExchangeMessage]) -> ExchangeRow:
    by_key = {(one.side, one.number): one for one in messages}
    timeline = timeline_of(one.step for one in messages)
    reports = (entry.step for entry in timeline.entries if entry.step.kind == "report" and entry.effect != "refused")
    report = next((by_key[step.side, step.number].details["report"] for step in reports), None)
    return replace(
        _row(row),
        entries=_entries(row, timeline, by_key),
        sayable=sayable(timeline, row.ours) if row.peer.state == "active" else (),
        report=report,
    )


def _entries(row: Exchange, timeline: Timeline, by_key: dict[tuple[str, int], ExchangeMessage]) -> tuple[EntryRow, ...]:
    found, now = [], datetime.now(UTC)
    last = max((number for side, number in by_key if side == row.side), default=0)
    for entry in timeline.entries:
        message = by_key[entry.step.side, entry.step.number]
        found.append(
            EntryRow(
                number=message.number,
                is_ours=message.side == row.side,
                kind=message.kind,
                what=message.what,
                at=message.at,
                stored_at=message.stored_at,
                by_name=message.by.name if message.by else "",
                text=message.details.get("text", ""),
                language=message.details.get("language", ""),
                country=message.details.get("hosting", {}).get("country", ""),
                effect=entry.effect,
                code=entry.code,
                state=message.state,
                problem=message.problem,
                message_id=message.pk,
                by_id=message.by_id,
                is_undoable=message.number == last and message.is_untouched(now),
            )
        )
    return tuple(found)


def _row(row: Exchange) -> ExchangeRow:
    return ExchangeRow(
        id=row.pk,
        uid=row.uid,
        peer_id=row.peer_id,
        peer_name=row.peer.name,
        side=row.side,
        case_id=row.case_id,
        report_id=row.report_id,
        item=row.item,
        address=row.address,
        country=row.country,
        is_urgent=row.is_urgent,
        is_known=row.is_known,
        is_imported=row.is_imported,
        stage=row.stage,
        grade=row.grade,
        begun_at=row.begun_at,
        sent_at=row.sent_at,
        answered_at=row.answered_at,
        is_peer_active=row.peer.state == "active",
    )


def answer_times(first_case: int, last_case: int) -> dict[int, tuple[datetime, datetime | None]]:
    """Return for each case of a span that a peer was told of: when the first was told, and when one first answered."""
    reported = Exchange.objects.filter(case_id__gte=first_case, case_id__lte=last_case, side="reporting").exclude(
        sent_at=None
    )
    rows = reported.order_by().values_list("case_id").annotate(sent=Min("sent_at"), answered=Min("answered_at"))
    return {case: (sent, answered) for case, sent, answered in rows if case is not None}
