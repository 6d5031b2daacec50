"""Writes the log: one row per act. No key is needed here: the signer signs the tree over the rows (`tree/checkpoints.py`)."""

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, astuple, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django_scopes import get_scope

from leeward.audit.models import AuditRow, AuditTip
from leeward.audit.queueing import in_turn
from leeward.audit.rules.chain import EVENT, GENESIS, Entry, canonical, link, moment
from leeward.audit.rules.merkle import appended
from leeward.audit.rules.proofs import NONCE_BYTES
from leeward.audit.tree.nodes import leaf_of, peaks_of
from leeward.foundation.actor import Actor
from leeward.foundation.watch import untimed

INSTALLATION = 0
# Nearly every act takes these, so each is one plain statement: through the ORM they take ten times as long.
READ_TIP = "SELECT number, hash, peaks, salt FROM {tip} WHERE chain = %s{lock}"
ADD_ROW = "INSERT INTO {row} ({columns}) VALUES ({marks})"
MOVE_TIP = "UPDATE {tip} SET number = %s, hash = %s, at = %s, signature = '', peaks = %s WHERE chain = %s"
LONGEST_WAIT_SECONDS = 30.0  # as long as SQLite itself waits


class _Held(threading.local):
    """The chains that this thread has locked; a database connection belongs to one thread as well."""

    chains: frozenset[int] = frozenset()


_held = _Held()
_one_writer = threading.Lock()


@contextmanager
def hotline_transaction(hotline_id: int | None = None) -> Iterator[None]:
    """Open a transaction that first locks its hotline, so that no two transactions of one hotline can deadlock.

    The hotline is that of the current scope unless given; outside any scope it is the installation itself. A nested
    call for the same hotline joins the outer one. SQLite lets only one transaction write anyway.
    """
    chain = _chain_in_scope() if hotline_id is None else hotline_id
    before = _held.chains
    with _in_the_queue(), transaction.atomic():
        if chain not in before and connection.features.has_select_for_update:
            with untimed():
                _locked_tip(chain)
        _held.chains = before | {chain}
        try:
            yield
        finally:
            _held.chains = before


@contextmanager
def _in_the_queue() -> Iterator[None]:
    """On SQLite, wait for this process's other threads, then for other processes, before the transaction begins.

    A thread that finds the database locked would sleep for up to a tenth of a second, although the lock may be long
    free; threads of one process wake each other instead, and processes take turns (`queueing.py`). A thread that is
    already in a transaction does not queue: it holds the lock.
    """
    if connection.features.has_select_for_update or connection.in_atomic_block:
        yield
        return
    with untimed():
        is_ours = _one_writer.acquire(timeout=LONGEST_WAIT_SECONDS)
    try:
        with ExitStack() as queue:
            with untimed():
                queue.enter_context(in_turn(Path(connection.settings_dict["NAME"]), LONGEST_WAIT_SECONDS))
            yield
    finally:
        if is_ours:
            _one_writer.release()


def _chain_in_scope() -> int:
    return get_scope().get("hotline") or INSTALLATION


def record(
    event: str,
    *,
    actor: Actor,
    hotline_id: int | None,
    subject: str,
    facts: Mapping[str, object] | None = None,
    now: datetime | None = None,
) -> None:
    """Append one act to its hotline's chain; must run inside the transaction that does the act.

    `event` is `noun.past_verb`; `subject` is `noun:id`; `facts` hold ids, numbers and closed words only.
    """
    record_all(event, [(subject, facts)], actor=actor, hotline_id=hotline_id, now=now)


def record_all(
    event: str,
    acts: Sequence[tuple[str, Mapping[str, object] | None]],
    *,
    actor: Actor,
    hotline_id: int | None,
    now: datetime | None = None,
) -> None:
    """Append acts of one kind, each a subject with its facts, as `record` does one after the other, in three statements."""
    if not EVENT.match(event):
        raise ValueError(f"{event!r} is not noun.past_verb")
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction that does it")
    if not acts:
        return
    chain = hotline_id or INSTALLATION
    at = moment(now or datetime.now(UTC))
    tip = _locked_tip(chain)
    entries: list[Entry] = []
    for subject, facts in acts:
        entry = link(
            entries[-1] if entries else tip,
            chain=chain,
            at=at,
            event=event,
            actor=actor.label,
            subject=subject,
            facts=canonical(facts),
            nonce=secrets.token_hex(NONCE_BYTES),
        )
        entries.append(entry)
    with connection.cursor() as cursor:
        cursor.executemany(_statement(ADD_ROW), list(map(astuple, entries)))
        cursor.execute(_statement(MOVE_TIP), [entry.number, entry.hash, entry.at, _grown(tip, entries), chain])


def append_many(entries: list[Entry], *, are_stored: bool = False) -> None:
    """Append prepared entries of one chain that follow from its tip, or only account for them where the caller has stored
    the rows; for bulk loads of synthetic data."""
    if not entries:
        return
    with transaction.atomic():
        tip = _locked_tip(entries[-1].chain)
        if not are_stored:
            AuditRow.objects.bulk_create([AuditRow(**asdict(entry)) for entry in entries])
        AuditTip.objects.filter(chain=tip.chain).update(**_tip_at(entries[-1]), peaks=_grown(tip, entries))


def _tip_at(entry: Entry) -> dict[str, object]:
    return {"number": entry.number, "hash": entry.hash, "at": entry.at, "signature": ""}


def _grown(tip: AuditTip, entries: list[Entry]) -> bytes:
    """Return the peaks of the tree with these entries after the tip's rows."""
    peaks = peaks_of(tip)
    for size, entry in enumerate(entries, start=tip.number):
        peaks = appended(size, peaks, leaf_of(entry.number, entry.hash, entry.nonce, tip.salt))
    return b"".join(peaks)


@cache
def _statement(text: str, *, locks: bool = False) -> str:
    quoted, columns = connection.ops.quote_name, [field.name for field in fields(Entry)]
    return text.format(
        tip=quoted(AuditTip._meta.db_table),
        row=quoted(AuditRow._meta.db_table),
        columns=", ".join(map(quoted, columns)),
        marks=", ".join(["%s"] * len(columns)),
        lock=" FOR UPDATE" if locks else "",
    )


def _locked_tip(chain: int) -> AuditTip:
    with connection.cursor() as cursor:
        cursor.execute(_statement(READ_TIP, locks=connection.features.has_select_for_update), [chain])
        found = cursor.fetchone()
    if found is not None:
        number, newest, peaks, salt = found
        return AuditTip(chain=chain, number=number, hash=newest, peaks=peaks, salt=salt)
    begun = {"number": 0, "hash": GENESIS, "peaks": b""}
    return AuditTip.objects.select_for_update().get_or_create(chain=chain, defaults=begun)[0]
