"""The register of requests for review: who asked when, until when it was due, what came of it and how long that took."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from leeward.casework.models import Appeal
from leeward.casework.rules.cells import cell

STATES = ("open", "upheld", "rejected", "withdrawn")
ORIGINS = ("reporter", "host", "outside")
MOST_LINES = 100_000
COLUMNS = ("case", "who asks", "asked", "due", "answered", "days", "in time", "outcome", "answered by account")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the register; empty is everything."""

    state: str = ""
    origin: str = ""
    start: date | None = None
    end: date | None = None
    only_late: bool = False

    @property
    def named(self) -> list[str]:
        """The filters that are set."""
        said = {"state": self.state, "origin": self.origin, "from": self.start, "to": self.end, "late": self.only_late}
        return [name for name, value in said.items() if value]


def entries(wanted: Wanted, *, now: datetime, zone: str) -> QuerySet[Appeal]:
    """The requests of the register, the newest first; days are those of `zone`."""
    rows = Appeal.objects.select_related("case", "decided_by").order_by("-id")
    if wanted.state in STATES:
        rows = rows.filter(state=wanted.state)
    if wanted.origin in ORIGINS:
        rows = rows.filter(origin=wanted.origin)
    if wanted.start:
        rows = rows.filter(asked_at__gte=_midnight(wanted.start, zone))
    if wanted.end:
        rows = rows.filter(asked_at__lt=_midnight(wanted.end + timedelta(days=1), zone))
    if wanted.only_late:
        rows = rows.exclude(state="withdrawn").filter(
            Q(decided_at__gt=F("due_at")) | Q(decided_at__isnull=True, due_at__lt=now)
        )
    return rows


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))


def was_in_time(row: Appeal, now: datetime) -> bool:
    """Whether it was answered in time, or still can be."""
    return (row.decided_at or now) <= row.due_at


def days_taken(row: Appeal) -> int | None:
    """The days from the request to its answer; None while there is none."""
    return round((row.decided_at - row.asked_at) / timedelta(days=1)) if row.decided_at else None


def lines(rows: QuerySet[Appeal], *, now: datetime) -> Iterator[str]:
    """The register as lines of CSV: no words, no addresses, no names."""
    yield _line(COLUMNS)
    for row in rows[:MOST_LINES].iterator(chunk_size=1000):
        times = [at.isoformat(timespec="seconds") if at else "" for at in (row.asked_at, row.due_at, row.decided_at)]
        days = days_taken(row)
        in_time = "yes" if was_in_time(row, now) else "no"
        yield _line(
            (
                row.case.reference,
                row.origin,
                *times,
                "" if days is None else days,
                in_time,
                row.state,
                row.decided_by_id or "",
            )
        )


def _line(values: tuple[object, ...]) -> str:
    out = StringIO()
    csv.writer(out).writerow([cell(value) for value in values])
    return out.getvalue()
