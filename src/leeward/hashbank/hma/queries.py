"""Read banks as HMA's clients see them. Everything is within the scope of the current hotline."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django_scopes import scope

from leeward.hashbank.hma.errors import HmaRefusal, NoSuchBank, PlainRefusal
from leeward.hashbank.models import (
    Bank,
    ClientBank,
    ClientContent,
    ClientExchange,
    Import,
    LiveSource,
    Membership,
    RecordHash,
)
from leeward.hashbank.numbers import among
from leeward.hashbank.records.rows import Known
from leeward.hashbank.rules.kinds import KIND_NAMES, written
from leeward.hashbank.scene import hotline_here
from leeward.people.queries import hotlines

CONTENT_FROM = 1 << 40
"""Content numbers from here on belong to programs, lower ones are records; both are exact in JavaScript too."""
ON, OFF = 1, 0
FRESH = timedelta(days=1)
"""A list imported within this time is up to date."""


@dataclass(frozen=True, slots=True)
class BankView:
    """A bank: its name, the share of look-ups it answers, and the source of the program that made it (0: people did)."""

    id: int
    name: str
    ratio: float
    owner: int

    @property
    def as_json(self) -> dict[str, Any]:
        """Return the bank as HMA writes it; the ratio is always a float."""
        return {"name": self.name, "matching_enabled_ratio": float(self.ratio)}


@dataclass(frozen=True, slots=True)
class ContentView:
    """An item in a bank: `number` as programs know it. `owner` is 0 for what people or lists brought in."""

    number: int
    bank: BankView
    disable_until: int
    signals: Mapping[str, str]
    metadata: Mapping[str, Any] | None = None
    note: str = ""
    owner: int = 0


def banks() -> list[BankView]:
    """Return every bank except those of look-alikes, oldest first, in a single query."""
    rows = Bank.objects.filter(hotline_id=hotline_here(), harmless=False).select_related("client").order_by("number")
    return [_bank_view(row) for row in rows]


def bank_named(name: str) -> BankView:
    """Return the bank of this name.

    Raises NoSuchBank where no hotline has one, and PlainRefusal where another hotline here has: that client holds the
    wrong key and must not be told that its bank is gone.
    """
    found = Bank.objects.filter(hotline_id=hotline_here(), name=name, harmless=False).select_related("client").first()
    if found is not None:
        return _bank_view(found)
    for other in hotlines():
        if other.id != hotline_here():
            with scope(hotline=other.id):
                is_theirs = ClientBank.objects.filter(hotline_id=other.id, bank__name=name).exists()
            if is_theirs:
                raise PlainRefusal("this key does not open that bank", 503)
    raise NoSuchBank


def _bank_view(row: Bank) -> BankView:
    client = getattr(row, "client", None)
    is_paused = row.paused_until is not None and row.paused_until > datetime.now(UTC)
    ratio = 0.0 if is_paused else client.ratio if client else 1.0
    return BankView(row.pk, row.name, ratio, client.owner_id if client else 0)


def ratios_of(names: Collection[str]) -> dict[str, float]:
    """Return the share of look-ups these banks answer, where a program set one."""
    rows = ClientBank.objects.filter(hotline_id=hotline_here(), bank__name__in=names)
    return dict(rows.values_list("bank__name", "ratio"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A content that a look-up matched, and whether it is switched on now."""

    bank: str
    number: int
    is_on: bool
    known: Known


def entries_of(rows: Iterable[Known]) -> list[Entry]:
    """Return the entries for matched records: for each of their banks the programs' contents, or the record itself if
    there are none.
    """
    matched = list(rows)
    now = int(datetime.now(UTC).timestamp())
    contents: dict[tuple[int, str], list[tuple[int, int, bool]]] = {}
    matched_ids = among({row.record_id for row in matched})
    found = ClientContent.objects.filter(hotline_id=hotline_here(), record_id__in=matched_ids) if matched else ()
    if found:
        columns = ("record_id", "bank__name", "id", "disable_until", "joined")
        for record_id, bank, number, until, joined in found.order_by("id").values_list(*columns):
            contents.setdefault((record_id, bank), []).append((number, until, joined))
    entries = []
    for row in matched:
        for bank in row.banks:
            mine = contents.get((row.record_id, bank), [])
            entries += [Entry(bank, CONTENT_FROM + number, is_on(until, now), row) for number, until, _joined in mine]
            if not any(joined for _number, _until, joined in mine):
                entries.append(Entry(bank, row.record_id, True, row))
    return entries


def is_on(until: int, now: int) -> bool:
    """Return whether a content is on at this second. `until`: 1 always, 0 never, otherwise from that second on."""
    return until == ON or (until != OFF and until <= now)


def content(bank: BankView, number: int) -> ContentView:
    """Return a content of this bank; raises HmaRefusal (404)."""
    if number >= CONTENT_FROM:
        row = ClientContent.objects.filter(hotline_id=hotline_here(), bank_id=bank.id, pk=number - CONTENT_FROM).first()
        if row is not None:
            return content_view(row, bank)
    elif Membership.objects.filter(hotline_id=hotline_here(), bank_id=bank.id, record_id=number).exists():
        hashes = RecordHash.objects.filter(hotline_id=hotline_here(), record_id=number).values_list("kind", "value")
        values = {KIND_NAMES[kind]: bytes(value) for kind, value in hashes}
        return ContentView(
            number, bank, ON, {kind: written(kind, values[kind]) for kind in _SHOWN_KINDS if kind in values}
        )
    raise HmaRefusal("content not found", 404)


_SHOWN_KINDS = ("pdq", "md5", "sha1", "sha256")


def content_view(row: ClientContent, bank: BankView) -> ContentView:
    """Convert the row of a program's content to a ContentView."""
    return ContentView(
        CONTENT_FROM + row.pk, bank, row.disable_until, row.signals, row.metadata, row.note, row.owner_id
    )


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """An exchange that a program asked for (`owner`), or a source that people of the hotline set up (`owner` 0).

    `bank`: where its records go; `bank_id` is 0 until something has come in.
    """

    name: str
    api: str
    enabled: bool
    bank: str
    bank_id: int
    owner: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def as_json(self) -> dict[str, Any]:
        """Return the exchange as HMA writes it, with the settings among the other keys."""
        return dict(self.settings) | {"name": self.name, "api": self.api, "enabled": self.enabled}


_APIS = {"stopncii": "stop_ncii", "threatexchange": "fb_threatexchange"}
"""Protocols to which HMA gives another name."""


def exchanges() -> list[str]:
    """Return the names of the exchanges that programs asked for and of the sources that people set up."""
    requested = (
        ClientExchange.objects.filter(hotline_id=hotline_here()).order_by("id").values_list("bank__name", flat=True)
    )
    return list(dict.fromkeys([*requested, *_live().order_by("id").values_list("name", flat=True)]))


def exchange_named(name: str) -> ExchangeView:
    """Return the exchange of this name; raises HmaRefusal (404)."""
    exchange = ClientExchange.objects.filter(hotline_id=hotline_here(), bank__name=name).first()
    if exchange is not None:
        return ExchangeView(
            name, exchange.api, exchange.enabled, name, exchange.bank_id, exchange.owner_id, exchange.settings
        )
    live = _live().filter(name=name).first()
    if live is None:
        raise HmaRefusal("exchange not found", 404)
    bank = Bank.objects.filter(hotline_id=hotline_here(), name=live.bank).values_list("id", flat=True).first()
    api = _APIS.get(live.protocol, live.protocol)
    return ExchangeView(name, api, live.paused_at is None, live.bank, bank or 0)


def _live() -> QuerySet[LiveSource]:
    return LiveSource.objects.filter(hotline_id=hotline_here(), removed_at=None)


def exchange_status(one: ExchangeView) -> dict[str, Any]:
    """Return the status of an exchange: from the source that fills its bank, otherwise from the lists imported into it.
    Unknown values are null.
    """
    done: datetime | None
    is_good: bool | None
    live = _live().filter(name=one.name).first() or _live().filter(bank=one.bank).order_by("id").first()
    if live is not None and live.last_at is not None:
        done, is_good, rows, running = live.good_at, live.failures == 0, live.rows, None
    else:
        lists = Import.objects.filter(hotline_id=hotline_here(), bank_id=one.bank_id)
        totals = lists.aggregate(running=Max("started_at", filter=Q(finished_at__isnull=True)), rows=Sum("rows"))
        last = lists.filter(finished_at__isnull=False).order_by("-finished_at").first()
        done, rows, running = last.finished_at if last else None, totals["rows"] or 0, totals["running"]
        is_good = None if last is None else last.broken == 0
    return {
        "checkpoint_ts": None,
        "running_fetch_start_ts": _seconds(running),
        "last_fetch_complete_ts": _seconds(done),
        "last_fetch_succeeded": is_good,
        "up_to_date": done is not None and datetime.now(UTC) - done < FRESH,
        "fetched_items": rows,
    }


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def banks_of_owner(owner: int) -> int:
    """Return how many banks a program has."""
    found = ClientBank.objects.filter(hotline_id=hotline_here(), owner_id=owner)
    return int(found.aggregate(number=Count("id"))["number"])
