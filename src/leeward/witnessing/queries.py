"""Reads witnesses and watched logs."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from leeward.audit.tree.agreeing import agreed
from leeward.audit.tree.checkpoints import not_cosigned_since
from leeward.foundation.errors import NotFound
from leeward.witnessing.models import Contradiction, WatchedLog, Witness

OLD = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Line:
    """A witness that we ask, or a log that we watch, for display."""

    kind: str
    name: str
    size: int
    cosigned_at: datetime | None
    problem: str
    key: str
    url: str
    restored: str = ""


def everything() -> list[Line]:
    """Return every witness and watched log."""
    lines = [
        Line("witness", str(row), max(row.sizes.values(), default=0), row.cosigned_at, row.problem, row.vkey, row.url)
        for row in Witness.objects.order_by("vkey")
    ]
    for row in WatchedLog.objects.order_by("origin"):
        count = row.contradictions.count()
        problem = f"{count} requests contradict it: leeward witness evidence {row.origin}" if count else ""
        lines.append(Line("log", row.origin, row.size, row.cosigned_at, problem, row.vkey, "", _lost(row)))
    return lines


def _lost(row: WatchedLog) -> str:
    """Return between which moments a log says that it knows of nothing, since it was restored from a backup."""
    if row.backup_at is None or row.restored_at is None:
        return ""
    return f"{row.backup_at:%Y-%m-%d %H:%M} to {row.restored_at:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A signed request of a watched log that doesn't fit the note of it that we had cosigned when it came."""

    at: datetime
    size: int
    request: str
    cosigned: str


def evidence(origin: str) -> list[Evidence]:
    """Return what is kept against a watched log, oldest first. Raises NotFound if no log of this name is watched."""
    log = WatchedLog.objects.filter(origin=origin).first()
    if log is None:
        raise NotFound(what=origin)
    return [Evidence(row.at, row.size, row.request, row.note) for row in log.contradictions.order_by("id")]


def alarms(now: datetime) -> list[tuple[str, str]]:
    """Return what a person must look into: `log_contradicted` with the witness, `log_forked` with a watched log, each
    with the row up to which both agreed and when, `log_silent` with a watched log that has shown nothing for 26 hours,
    `witness_old` with a witness that has not cosigned for 26 hours, be it one chain only, about which it answers with a problem."""
    witnesses = list(Witness.objects.order_by("id"))
    found = [("log_contradicted", _with_hour(row)) for row in witnesses if row.contradicts]
    forked = WatchedLog.objects.filter(id__in=Contradiction.objects.values("log_id"))
    found += [("log_forked", row.origin + _until(row.size, row.cosigned_at)) for row in forked]
    for log in WatchedLog.objects.order_by("origin"):
        if (log.cosigned_at or log.added_at) < now - OLD:  # it is shown each hour, also where nothing happened
            found.append(("log_silent", log.origin + _until(log.size, log.cosigned_at)))
    for row in witnesses:
        if row.contradicts or row.added_at >= now - OLD:
            continue
        is_silent = row.cosigned_at is None or row.cosigned_at < now - OLD
        if is_silent or not_cosigned_since(now - OLD, row.vkey, map(int, row.problems)):
            found.append(("witness_old", str(row)))
    return found


def _with_hour(row: Witness) -> str:
    """Return the name of a witness, up to which row of each log that it contradicts it still agrees, and when it saw that."""
    known = [agreed(int(chain), row.vkey) for chain in row.contradicted]
    until = [last for last in known if last is not None]
    return str(row) + (_until(*min(until)) if until else "")


def _until(size: int, at: datetime | None) -> str:
    parts = [str(size)] if size else []
    parts += [f"{at:%Y-%m-%d %H:%M} UTC"] if at else []
    return f" ({', '.join(parts)})" if parts else ""


def oldest_answer() -> datetime | None:
    """Return when the most silent witness cosigned last, or was added; None without witnesses."""
    return min((row.cosigned_at or row.added_at for row in Witness.objects.all()), default=None)


def note_of_log(origin_digest: str) -> str | None:
    """Return our newest note of a watched log by the SHA-256 of its origin in hexadecimal digits; None if there is none."""
    for row in WatchedLog.objects.exclude(note=""):
        if hashlib.sha256(row.origin.encode()).hexdigest() == origin_digest:
            return row.note
    return None
