"""Reading and checking the log."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from leeward.audit.append_only import TABLES
from leeward.audit.errors import KeyUnusable
from leeward.audit.keys import is_signed, public_key
from leeward.audit.models import AuditCheckpoint, AuditHead, AuditRow, AuditTip
from leeward.audit.rules.chain import BEYOND, Entry, Fault, Head, first_fault, moment, signed_text
from leeward.audit.rules.times import Backward, JumpBack, Times
from leeward.audit.tree.regrown import Regrown

SEARCHED, MOST_OF_EACH = 100_000, 500
INSTALLATION, JUMPED = "installation:1", "clock.jumped"
_FIELDS = tuple(Entry.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act, for display."""

    number: int
    at: str
    event: str
    actor: str
    subject: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of checking one chain: the first fault, up to which row the signer signed it and when, since when rows wait to be
    signed ("": none waits), and the rows whose time goes backwards."""

    chain: int
    rows: int
    fault: Fault | None
    signed: int = 0
    signed_at: datetime | None = None
    unsigned_since: str = ""
    backward: tuple[Backward, ...] = ()


def entries(chain: int) -> Iterator[Entry]:
    """Yield every row of a chain in order, in constant memory."""
    for values in AuditRow.objects.filter(chain=chain).order_by("number").values_list(*_FIELDS).iterator(5000):
        yield Entry(*values)


def chains() -> list[int]:
    """Return every chain that has rows, a tip, a head or a checkpoint: if one of them was removed, the others still reveal it."""
    found: set[int] = set()
    for table in (AuditRow, AuditTip, AuditHead, AuditCheckpoint):
        found |= set(table.objects.values_list("chain", flat=True).distinct())
    return sorted(found)


def unguarded_tables() -> list[str]:
    """Return the tables of the log whose triggers against changes and deletions are gone or switched off."""
    if connection.vendor == "sqlite":
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        wanted = {table: {f"{table}_no_{verb}" for verb in ("update", "delete", "replace")} for table in TABLES}
    else:
        asked = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
        wanted = {table: {f"{table}_only_grows"} for table in TABLES}
    with connection.cursor() as cursor:
        cursor.execute(asked)
        there = {name for (name,) in cursor.fetchall()}
    return [table for table, triggers in wanted.items() if not triggers <= there]


def verdict(chain: int, *, is_begun: bool = False, signer: bytes | None = None) -> Verdict:
    """Check a chain's rows against each other, against every checkpoint of them, and against old signed heads; one that `is_begun`
    must have at least one row. `signer` is the signer's public key, where it is known: then checkpoints under the chain's present
    name must be its own."""
    heads, fault = _heads(chain)
    tree, times = Regrown(chain, signer), Times(_jumps_back())
    found, rows, last = first_fault(chain, times.over(tree.over(entries(chain))), heads)
    known = max(heads, default=0)
    if not fault and rows > known:
        fault = _beyond(chain, rows, last, known)
    if is_begun and not rows and not fault:
        fault = Fault(chain, 1, "is missing: nothing of this log is left")
    return Verdict(
        chain,
        rows,
        tree.dated(found or fault or tree.fault()),
        tree.signed,
        tree.signed_at,
        tree.unsigned_since,
        tuple(times.backward),
    )


def _jumps_back() -> list[JumpBack]:
    """Return the jumps of the machine's clock into the past that the installation's log speaks of."""
    found = []
    rows = AuditRow.objects.filter(chain=0, subject=INSTALLATION, event=JUMPED).order_by("number")
    for at, facts in rows.values_list("at", "facts")[:1000]:
        try:
            seconds = int(json.loads(facts)["seconds"])
            if seconds < 0:
                found.append(JumpBack(datetime.fromisoformat(at), timedelta(seconds=-seconds)))
        except (ValueError, KeyError, TypeError, OverflowError):
            continue  # damaged: the check of that chain names it
    return found


def _beyond(chain: int, rows: int, last: str, known: int) -> Fault | None:
    """Return a fault unless the rows after the known ones were written during the check: then the tip speaks of them now."""
    tip = AuditTip.objects.filter(chain=chain).first()
    if tip is not None and (tip.number > rows or (tip.number == rows and tip.hash == last)):
        return None
    return Fault(chain, known + 1, BEYOND)


def _is_ours(head: AuditHead | AuditTip, key: str) -> bool:
    text = signed_text(chain=head.chain, number=head.number, row=head.hash, at=head.at)
    return is_signed(text, head.signature, key)


def _heads(chain: int) -> tuple[dict[int, str], Fault | None]:
    """Return what the tip and the heads from before there was a signer say, and a fault for the first that can't be so."""
    heads: dict[int, str] = {}
    fault = None
    kept: list[AuditHead | AuditTip] = [*AuditHead.objects.filter(chain=chain).order_by("number")]
    kept += AuditTip.objects.filter(chain=chain, number__gt=0)
    key = public_key() if any(head.signature for head in kept) else ""  # which is made where it isn't there
    for head in kept:
        if (isinstance(head, AuditTip) and not head.signature) or _is_ours(head, key):
            if heads.setdefault(head.number, head.hash) != head.hash and fault is None:
                fault = Fault(chain, head.number, "has two heads that differ: it was rewritten after the first")
        elif fault is None:
            fault = Fault(chain, head.number, "has a head with a false signature")
    if fault is None and not any(isinstance(head, AuditTip) for head in kept):
        last = AuditRow.objects.filter(chain=chain).order_by("-number").values_list("number", flat=True).first()
        if last:  # each row is written along with its tip: without one, nobody knows how many rows came after the last
            fault = Fault(chain, last, "has no tip after it: the tip of the chain was removed")
    return heads, fault


def newest_moment() -> datetime | None:
    """Return when the newest row of all chains was written; None if there is none."""
    newest = AuditTip.objects.exclude(at="").order_by("-at").values_list("at", flat=True).first()
    return datetime.fromisoformat(newest) if newest else None


def chains_beyond(at: datetime) -> list[int]:
    """Return the chains whose newest row was written later than a moment."""
    return sorted(AuditTip.objects.filter(at__gt=moment(at)).values_list("chain", flat=True))


def log_of(chain: int, subject: str, most: int = 200, *, events: Collection[str] = ()) -> list[LogLine]:
    """Return the newest acts on one subject, newest first: all, or those of these events."""
    rows = AuditRow.objects.filter(chain=chain, subject=subject).order_by("-number")
    if events:
        rows = rows.filter(event__in=events)
    return [_line(row) for row in rows[:most]]


def log_of_each(chain: int, subjects: Collection[str], *, events: Collection[str], about: int = 1) -> list[LogLine]:
    """Return the newest acts of these events on any of these subjects, newest first: 500 for each of the things that they are `about`."""
    rows = AuditRow.objects.filter(chain=chain, subject__in=subjects, event__in=events).order_by("-number")
    return [_line(row) for row in rows[: MOST_OF_EACH * about]]


def spoken_of(chain: int, kind: str) -> Iterator[int]:
    """Yield the numbers of the things of one kind (`report`, `case`) on which a log has acts. One query of the index of subjects, read piece
    by piece."""
    begins = f"{kind}:"
    rows = AuditRow.objects.filter(chain=chain, subject__startswith=begins)
    if (
        connection.vendor == "sqlite"
    ):  # which can't use its index for that; elsewhere an order of letters may skip the colon
        rows = rows.filter(subject__gt=begins, subject__lt=f"{kind};")
    for subject in rows.order_by().values_list("subject", flat=True).distinct().iterator(5000):
        number = subject.removeprefix(begins)
        if number.isascii() and number.isdecimal() and int(number):
            yield int(number)


def spoken_since(chain: int, row: int, *, most: int = 100_000) -> dict[str, list[int]]:
    """Return on what a log has acts after a row, the numbers by kind; of the newest rows if they are very many."""
    rows = AuditRow.objects.filter(chain=chain, number__gt=row).order_by("-number")
    found = dict[str, set[int]]()
    for subject in rows.values_list("subject", flat=True)[:most]:
        kind, _colon, number = subject.partition(":")
        if number.isascii() and number.isdecimal():
            found.setdefault(kind, set()).add(int(number))
    return {kind: sorted(found[kind]) for kind in sorted(found)}


def spoken_between(chain: int, subjects: Collection[str]) -> tuple[datetime, datetime] | None:
    """Return when a log first and last spoke of any of these; None if it never did."""
    rows = AuditRow.objects.filter(chain=chain, subject__in=subjects)
    found = rows.aggregate(first=Min("at"), last=Max("at"))
    if found["first"] is None:
        return None
    return datetime.fromisoformat(found["first"]), datetime.fromisoformat(found["last"])


def log_page(
    chain: int, *, before: int | None = None, after: int = 0, event: str = "", most: int = 100
) -> list[LogLine]:
    """Return one page of a chain, newest first, of the rows between `after` and `before` whose events begin with `event`."""
    rows = AuditRow.objects.filter(chain=chain).order_by("-number")
    if before:
        rows = rows.filter(number__lt=before)
    if after:
        rows = rows.filter(number__gt=after)
    if event:
        rows = rows.filter(event__startswith=event)
    return [_line(row) for row in rows[:most]]


def entries_of(chain: int, subject: str, most: int) -> list[Entry]:
    """Return the newest rows about one subject as they are stored, oldest first."""
    rows = AuditRow.objects.filter(chain=chain, subject=subject).order_by("-number").values_list(*_FIELDS)[:most]
    return [Entry(*values) for values in reversed(rows)]


def entry_at(chain: int, number: int) -> dict[str, Any]:
    """Return one row with everything that its hash covers, its facts as an object; raises AuditRow.DoesNotExist."""
    entry = Entry(*AuditRow.objects.filter(chain=chain, number=number).values_list(*_FIELDS).get())
    names = ("chain", "number", "at", "event", "actor", "subject", "previous", "hash", "nonce")
    return {name: getattr(entry, name) for name in names} | {"facts": json.loads(entry.facts)}


def newest_entry(chain: int) -> Entry | None:
    """Return the newest row of a chain, or None where nothing was written."""
    tip = AuditTip.objects.filter(chain=chain, number__gt=0).first()
    if tip is None:
        return None
    return Entry(*AuditRow.objects.filter(chain=chain, number=tip.number).values_list(*_FIELDS).get())


def heads_published(most: int = 30) -> list[Head]:
    """Return the newest of the heads that were signed daily before the signer signed the log, as the public page shows them."""
    return [
        Head(head.chain, head.number, head.hash, head.at, head.signature)
        for head in AuditHead.objects.order_by("-id")[:most]
    ]


def key_published() -> str:
    """Return the public key (base64) of documents, with which these heads are verified, too; empty where this process
    has no file of it."""
    try:
        return public_key()
    except KeyUnusable:
        return ""


def _line(row: AuditRow) -> LogLine:
    try:
        facts = json.loads(row.facts)
    except ValueError:
        facts = {"unreadable": True}
    return LogLine(row.number, row.at, row.event, row.actor, row.subject, facts)


def acts_of(
    chains: Iterable[int], actors: Collection[str], events: Collection[str], *, most: int = 500
) -> list[LogLine]:
    """Return the newest acts of these actors (`staff:12`) among these events, over several chains, newest first.

    Rows aren't indexed by actor, so only the newest `SEARCHED` of each chain are read.
    """
    found: list[AuditRow] = []
    for chain in chains:
        tip = AuditTip.objects.filter(chain=chain).values_list("number", flat=True).first() or 0
        rows = AuditRow.objects.filter(chain=chain, number__gt=tip - SEARCHED, actor__in=actors)
        found += rows.filter(event__in=events).order_by("-number")[:most]
    return [_line(row) for row in sorted(found, key=lambda row: row.at, reverse=True)[:most]]
