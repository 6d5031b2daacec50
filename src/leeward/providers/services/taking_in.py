"""A batch is taken in: read line by line, stored in one transaction with one row of the log, answered with a receipt.

Nothing is stored before all of it was read and made ready, so nobody who wants to write waits for a slow sender or for ten thousand
lines to be sorted out; what was killed on the way left nothing, and what was answered is there. The same idempotency key again gets
the same answer.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import batched
from typing import Any

from django.db import connection

from leeward.audit.keys import sign
from leeward.audit.queries import newest_entry
from leeward.audit.rules.chain import moment as written
from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.jobs.services import schedule
from leeward.providers.errors import KeyOfNobody, NoLineTaken, OnceUsed, ProviderNotApproved, TooMuchInBatch
from leeward.providers.labels import refusal
from leeward.providers.models import Provider, ProviderBatch, ProviderKey, ProviderLine
from leeward.providers.queries.law import Keeping, privilege_in
from leeward.providers.rules.becoming import fold_of, raised_by
from leeward.providers.rules.clocks import next_reminder
from leeward.providers.rules.line import Line, LineRefused, incident_of, place_of_incident, read_line
from leeward.providers.rules.receipt import EVENT, Accepted, Statement, batch_number, root_over
from leeward.providers.rules.words import HELD, TRIED, WAITING, WITHDRAWN
from leeward.providers.services.registering import locked
from leeward.web_security.keys import key_digest

OPEN, OPEN_URGENT, SIGN = "providers.open", "providers.open_urgent", "providers.sign"
MOST_LINES, MOST_BYTES = 10_000, 16_000_000
_TRIES = 4
_AT_ONCE = 400  # of a statement: SQLite takes a limited number of values


@dataclass(frozen=True, slots=True)
class Door:
    """Who reports and by which way; `is_sandbox`: nothing of it goes on."""

    provider_id: int
    hotline_id: int
    way: str
    is_sandbox: bool
    actor: Actor


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """The answer to one line: `accepted`, `same` (it came before; `incident` is that of then) or `refused` with a code."""

    line: int
    state: str
    incident: str = ""
    digest: str = ""
    code: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch. `batch_id` is 0 where nothing was stored because everything came before."""

    batch_id: int
    answers: list[LineAnswer]
    is_new: bool = True

    def count(self, state: str) -> int:
        """Return how many lines have this answer."""
        return sum(one.state == state for one in self.answers)


@dataclass(slots=True)
class Read:
    """The lines of a batch as they were read, by their number; what isn't a line is why not. `body` is the digest of all of it."""

    lines: dict[int, Line | LineRefused] = field(default_factory=dict)
    body: str = ""


def door_of_key(token_id: int, hotline_id: int, actor: Actor) -> Door:
    """Return as whom a key reports. Raises KeyOfNobody, ProviderNotApproved; a key of the sandbox works before the approval."""
    key = ProviderKey.objects.filter(token_id=token_id, stopped_at=None).select_related("provider").first()
    if key is None:
        raise KeyOfNobody
    if not _may_report(key.provider.state, is_sandbox=key.is_sandbox):
        raise ProviderNotApproved
    return Door(key.provider_id, hotline_id, "api", key.is_sandbox, actor)


def _may_report(state: str, *, is_sandbox: bool) -> bool:
    return state == "approved" or (is_sandbox and state == "asked")


def read_lines(found: Iterable[tuple[int, Any]], now: datetime) -> Read:
    """Read lines that were parsed (or why they can't be) one after the other; a bad one is kept as its reason. Raises TooMuchInBatch."""
    made, digest = Read(), hashlib.sha256()
    for number, one in found:
        if len(made.lines) >= MOST_LINES:
            raise TooMuchInBatch(lines=MOST_LINES, bytes=MOST_BYTES)
        try:
            if isinstance(one, LineRefused):
                raise one
            line = read_line(one, now)
        except LineRefused as refused:
            made.lines[number] = refused
            digest.update(f"{number} {refused.code} {refused.field}\n".encode())
            continue
        made.lines[number] = line
        digest.update(f"{number} {line.digest}\n".encode())
    made.body = digest.hexdigest()
    return made


def take_batch(read: Read, door: Door, *, once: str, now: datetime) -> Taken:
    """Store the lines of a batch and answer each. `once` is the sender's idempotency key: the same with the same lines returns what
    was answered then. Raises OnceUsed, ProviderNotApproved, NoLineTaken."""
    key = key_digest(f"{door.provider_id}\n{once}", "providers.batch")
    if (before := _before(key, read, door)) is not None:
        return before
    for _ in range(_TRIES):
        ready = _ready(read, door, now)
        with hotline_transaction():
            if (before := _before(key, read, door)) is not None:
                return before
            if _newest(door) == ready.newest:
                return _store(door, read, ready, key=key, now=now)
    with hotline_transaction():  # others of this provider came each time: now they wait
        return _before(key, read, door) or _store(door, read, _ready(read, door, now), key=key, now=now)


def _before(key: str, read: Read, door: Door) -> Taken | None:
    """Return what was answered to this key, or None where it is new. Raises OnceUsed."""
    before = ProviderBatch.objects.filter(provider_id=door.provider_id, once=key).first()
    if before is None:
        return None
    if before.body != read.body or before.is_sandbox != door.is_sandbox:
        raise OnceUsed
    return Taken(before.pk, answers_of(before), is_new=False)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A batch as it will be stored, but for its number; made before the transaction, in which everybody else waits. It holds while
    no other batch of the provider came after `newest`."""

    newest: int
    answers: list[LineAnswer]
    good: Mapping[int, tuple[Line, ProviderLine | None]]
    rows: list[ProviderLine]
    values: list[list[Any]]


def _newest(door: Door) -> int:
    found = ProviderBatch.objects.filter(provider_id=door.provider_id).order_by("-id").values_list("id", flat=True)
    return found.first() or 0


def _ready(read: Read, door: Door, now: datetime) -> _Ready:
    """Sort the lines out and make their rows. Raises ProviderNotApproved, NoLineTaken."""
    newest = _newest(door)
    provider = Provider.objects.get(pk=door.provider_id)
    _check_state(provider, door)
    answers, good = _sorted_out(read, door)
    if not good and not any(one.state == "same" for one in answers):
        first = next((one for one in answers), None)
        privilege = privilege_in(provider, now.date()) if first and first.code == "privileged" else ""
        why = refusal(first.code, first.field, privilege=privilege) if first else refusal("nothing_reported")
        raise NoLineTaken(why=why.rstrip("."))
    rows = list(_rows(provider, door, good, now))
    return _Ready(newest, answers, good, rows, [_values_of(row) for row in rows])


def _check_state(provider: Provider, door: Door) -> None:
    if not _may_report(provider.state, is_sandbox=door.is_sandbox):
        raise ProviderNotApproved  # also where somebody suspended it while the batch was on its way


def _sorted_out(read: Read, door: Door) -> tuple[list[LineAnswer], dict[int, tuple[Line, ProviderLine | None]]]:
    """Return the answers to lines that aren't stored, and those that are, by number, with the report that each is about."""
    fine = {number: one for number, one in read.lines.items() if isinstance(one, Line)}
    here = _known(door, {one.digest for one in fine.values()})
    firsts = _firsts(door, {one.of for one in fine.values() if one.of})
    answers: list[LineAnswer] = []
    good: dict[int, tuple[Line, ProviderLine | None]] = {}
    within: set[str] = set()
    for number, one in read.lines.items():
        if isinstance(one, LineRefused):
            answers.append(LineAnswer(number, "refused", code=one.code, field=one.field))
            continue
        digest = one.digest
        if digest in here or digest in within:
            incident, is_gone = here.get(digest, ("", False))
            if is_gone:  # it is no case and becomes none: whoever sends it again must hear so
                answers.append(LineAnswer(number, "refused", code="was_withdrawn"))
            else:
                answers.append(LineAnswer(number, "same", incident, digest))
            continue
        first = firsts.get(one.of) if one.of else None
        if one.of and first is None:
            answers.append(LineAnswer(number, "refused", code="unknown_incident", field="of"))
        elif first is not None and first.state == WITHDRAWN and one.kind != "subsequent":
            answers.append(LineAnswer(number, "refused", code="was_withdrawn", field="of"))
        else:
            within.add(digest)
            good[number] = (one, first)
    return answers, good


def _known(door: Door, digests: set[str]) -> dict[str, tuple[str, bool]]:
    """Return the incident numbers of lines that came before, and whether each was withdrawn before it was a case."""
    found: dict[str, tuple[str, bool]] = {}
    for some in batched(digests, _AT_ONCE):
        rows = ProviderLine.objects.filter(provider_id=door.provider_id, is_sandbox=door.is_sandbox, digest__in=some)
        found |= {
            digest: (incident_of(batch, number), state == WITHDRAWN and kind != "withdrawal")
            for digest, batch, number, state, kind in rows.values_list("digest", "batch_id", "number", "state", "kind")
        }
    return found


def _firsts(door: Door, incidents: set[str]) -> dict[str, ProviderLine]:
    """Return the reports that lines are about, by incident number; of a later report, the first one behind it."""
    places = {text: place for text in incidents if (place := place_of_incident(text))}
    rows: dict[tuple[int, int], ProviderLine] = {}
    for some in batched({batch for batch, _number in places.values()}, _AT_ONCE):
        wanted = {number for batch, number in places.values() if batch in some}
        for few in batched(wanted, _AT_ONCE):
            found = ProviderLine.objects.filter(
                provider_id=door.provider_id, is_sandbox=door.is_sandbox, batch_id__in=some, number__in=few
            ).select_related("first")
            rows |= {(row.batch_id, row.number): row.first or row for row in found}
    return {text: rows[place] for text, place in places.items() if place in rows}


def _store(door: Door, read: Read, ready: _Ready, *, key: str, now: datetime) -> Taken:
    """Store what is ready, in the caller's transaction. Raises ProviderNotApproved."""
    _check_state(locked(door.provider_id), door)
    batch = ProviderBatch.objects.create(
        hotline_id=door.hotline_id,
        provider_id=door.provider_id,
        way=door.way,
        once=key,
        body=read.body,
        lines=len(ready.rows),
        is_sandbox=door.is_sandbox,
        received_at=now,
    )
    _insert(batch.pk, ready.values)
    accepted = [Accepted(row.number, incident_of(batch.pk, row.number), row.digest) for row in ready.rows]
    incidents = {one.digest: one.incident for one in accepted}
    answers = [replace(one, incident=one.incident or incidents.get(one.digest, "")) for one in ready.answers]
    statement = Statement(
        batch_number(batch.pk), door.provider_id, written(now), len(accepted), root_over(accepted), door.is_sandbox
    )
    urgent = sum(bool(row.raised) for row in ready.rows)
    refused = sum(one.state == "refused" for one in answers)
    facts = {"provider": door.provider_id, "lines": len(accepted), "root": statement.root}
    record(
        EVENT,
        actor=door.actor,
        hotline_id=door.hotline_id,
        subject=statement.subject,
        facts=facts | {"refused": refused, "urgent": urgent, "sandbox": door.is_sandbox},
        now=now,
    )
    newest = newest_entry(door.hotline_id)
    assert newest is not None
    ProviderBatch.objects.filter(pk=batch.pk).update(
        root=statement.root,
        urgent=urgent,
        row_number=newest.number,
        signature=sign(statement.text),
        answers=[[one.line, one.state, one.incident, one.digest, one.code, one.field] for one in answers],
    )
    _go_on(batch.pk, ready, door)
    stored = [LineAnswer(one.line, "accepted", one.incident, one.digest) for one in accepted]
    return Taken(batch.pk, sorted([*answers, *stored], key=lambda one: one.line))


def _rows(
    provider: Provider, door: Door, good: Mapping[int, tuple[Line, ProviderLine | None]], now: datetime
) -> Iterator[ProviderLine]:
    keeping = Keeping(provider, now)
    for number, (line, first) in good.items():
        raised = raised_by(is_danger=line.is_danger, priority=line.priority)
        until, is_destroyed = keeping.until(line.known_at or now) if line.kind != "withdrawal" else (None, False)
        yield ProviderLine(
            hotline_id=door.hotline_id,
            provider_id=provider.pk,
            number=number,
            kind=line.kind,
            first_id=first.pk if first else None,
            reference=line.reference,
            priority=line.priority,
            raised=raised,
            digest=line.digest,
            facts=line.canonical,
            known_at=line.known_at,
            received_at=now,
            state=TRIED if door.is_sandbox else WITHDRAWN if line.kind == "withdrawal" else WAITING,
            is_sandbox=door.is_sandbox,
            fold=fold_of(line, provider=provider.pk, arrived=now) if line.kind == "first" else "",
            keep_until=until,
            is_destroyed_then=is_destroyed,
            remind_at=None if door.is_sandbox else next_reminder(keep_until=until, held_until=None, after=now),
        )


@cache
def _fields() -> tuple[Any, ...]:
    return tuple(
        one for one in ProviderLine._meta.local_concrete_fields if not one.primary_key and one.attname != "batch_id"
    )


def _values_of(row: ProviderLine) -> list[Any]:
    """Return the values of a row as the database takes them, without its batch."""
    return [one.get_db_prep_save(getattr(row, one.attname), connection) for one in _fields()]


def _insert(batch_id: int, values: list[list[Any]]) -> None:
    """Insert rows that are ready; `bulk_create` would make each value ready only now, while others wait."""
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(one.column) for one in _fields())
    places = ", ".join(["%s"] * len(_fields()))
    table, batch = quoted(ProviderLine._meta.db_table), quoted("batch_id")
    insert = f"INSERT INTO {table} ({batch}, {columns}) VALUES ({int(batch_id)}, {places})"  # noqa: S608 - our own names only
    with connection.cursor() as cursor:
        cursor.executemany(insert, values)


def _go_on(batch_id: int, ready: _Ready, door: Door) -> None:
    """Take back what was withdrawn before it became a case, and ask for the work that follows."""
    schedule(SIGN, subject_id=door.hotline_id, hotline_id=door.hotline_id)
    if door.is_sandbox:
        return
    withdrawn = [first.pk for line, first in ready.good.values() if line.kind == "withdrawal" and first]
    for some in batched(withdrawn, _AT_ONCE):
        ProviderLine.objects.filter(pk__in=some, state__in=(WAITING, HELD)).update(state=WITHDRAWN)
        opened = ProviderLine.objects.filter(pk__in=some).exclude(report_id=None)
        if opened.exists():
            ProviderLine.objects.filter(batch_id=batch_id, first__in=opened, kind="withdrawal").update(state=WAITING)
    for is_urgent, kind in ((False, OPEN), (True, OPEN_URGENT)):
        if any(bool(row.raised) is is_urgent and row.state == WAITING for row in ready.rows) or (
            withdrawn and not is_urgent
        ):
            schedule(kind, subject_id=door.hotline_id, hotline_id=door.hotline_id, urgent=is_urgent)


def answers_of(batch: ProviderBatch) -> list[LineAnswer]:
    """Return the answers to all lines of a batch, as they were given."""
    found = [LineAnswer(*one) for one in batch.answers]
    rows = ProviderLine.objects.filter(batch=batch).values_list("number", "digest")
    found += [LineAnswer(number, "accepted", incident_of(batch.pk, number), digest) for number, digest in rows]
    return sorted(found, key=lambda one: one.line)


def now_utc() -> datetime:
    """Return the time at which a batch is received."""
    return datetime.now(UTC)
