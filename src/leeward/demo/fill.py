"""Creates very many made-up cases, to view and measure an installation that has been in use for years.

This is the one module outside the slices that imports their models: a million cases can't be made one act at a time. Every row
is what the acts would have left behind, and the log verifies.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection
from django_scopes import scope

from leeward.audit.models import AuditRow, AuditTip
from leeward.audit.rules.chain import Entry, canonical, link, moment
from leeward.audit.services import append_many, hotline_transaction
from leeward.demo.bulk import Table
from leeward.demo.invented import Invented, invent
from leeward.demo.progress import Progress
from leeward.demo.rows import Rows
from leeward.people.queries import portals_of, staff_of

CASES_AT_ONCE = 4_000
YEARS = timedelta(days=3 * 365)


@dataclass
class Chain:
    """The log's newest row while rows are added to it."""

    hotline_id: int
    tip: Entry | None
    table: Table
    waiting: list[Entry] = field(default_factory=list)

    def begin(self, rows: int) -> None:
        """Read the end of the log in the hotline's transaction; others may have acted since the last batch."""
        self.tip = _tip(self.hotline_id)
        self.table.reserve(rows)

    def add(self, event: str, actor: str, subject: str, at: datetime, **facts: object) -> None:
        """Append an act."""
        self.tip = link(
            self.tip,
            chain=self.hotline_id,
            at=moment(at),
            event=event,
            actor=actor,
            subject=subject,
            facts=canonical(facts),
            nonce=secrets.token_hex(16),
        )
        self.waiting.append(self.tip)

    def write(self) -> int:
        """Write the added rows; the log's own service accounts for them."""
        written, self.waiting = self.waiting, []
        for entry in written:
            self.table.add(**{name: getattr(entry, name) for name in Entry.__dataclass_fields__})
        self.table.write()
        append_many(written, are_stored=True)
        return len(written)


def fill(count: int, hotline_id: int, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Make `count` cases with reports, places, findings, looks, messages, checks and log; return how many rows of each table.

    `progress(done, count)` is told after every batch; without it a bar or plain lines go to standard error.
    """
    started = time.monotonic()
    portal = portals_of(hotline_id)[0]
    people = [row.id for row in staff_of(hotline_id) if "analyst" in row.roles] or [staff_of(hotline_id)[0].id]
    now = datetime.now(UTC)
    shown = Progress("cases", count)
    with scope(hotline=hotline_id), _Roomy():
        rows = Rows(hotline_id=hotline_id, portal=portal, people=people, chain=_chain(hotline_id))
        for start in range(0, count, CASES_AT_ONCE):
            end = min(start + CASES_AT_ONCE, count)
            with hotline_transaction(hotline_id):
                rows.begin(end - start)
                for number in range(start, end):
                    rows.write_case(_invented(number, count, now, rows))
                rows.write()
            (progress or shown.at)(end, count)
    shown.done(time.monotonic() - started)
    return rows.counted


def _invented(number: int, count: int, now: datetime, rows: Rows) -> Invented:
    """The case with this number of `count`: the older ones are done, the newest wait."""
    at = now - YEARS * ((count - number) / count)
    return invent(rows.serial + number, age=count - number, count=count, received_at=at, home=rows.portal.country)


def _chain(hotline_id: int) -> Chain:
    return Chain(hotline_id, _tip(hotline_id), Table(AuditRow))


def _tip(hotline_id: int) -> Entry | None:
    tip = AuditTip.objects.filter(chain=hotline_id, number__gt=0).first()
    return Entry(hotline_id, tip.number, tip.at, "", "", "", "", "", "", tip.hash) if tip else None


class _Roomy:
    """More memory for the database's pages while very much is written; as before at the end."""

    def __enter__(self) -> None:
        self._ask("PRAGMA cache_size = -400000", "PRAGMA synchronous = OFF")

    def __exit__(self, *_: object) -> None:
        self._ask("PRAGMA cache_size = -32000", "PRAGMA synchronous = FULL", "PRAGMA optimize")

    def _ask(self, *statements: str) -> None:
        if connection.vendor != "sqlite":
            return
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
