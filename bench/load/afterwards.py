"""What became of the reports: read from the installation's database, not from what anybody says of it."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

WITHOUT_CASE = (
    "SELECT count(*) FROM intake_item i WHERE NOT EXISTS (SELECT 1 FROM casework_caseitem c WHERE c.item_id = i.id)"
)


@dataclass(frozen=True)
class Became:
    """What became of all reports that were accepted."""

    lost: int  # accepted, and no row
    twice: int  # rows beyond one
    without_case: int
    until_case: list[float]  # seconds, sorted
    until_paged: list[float]
    unpaged: int
    missing_rows: int  # of the log
    dead_jobs: int


def without_case(database: Path) -> int:
    """How many reports are no case yet."""
    with closing(_open(database)) as rows:
        return int(rows.execute(WITHOUT_CASE).fetchone()[0])


def became(database: Path, accepted: Iterable[tuple[str, str]]) -> Became:
    """Read what became of what was accepted: where, and of which kind."""
    with closing(_open(database)) as rows:
        received: dict[str, list[tuple[int, datetime]]] = {}
        for number, where, at in rows.execute('SELECT id, "where", received_at FROM intake_report'):
            received.setdefault(where, []).append((number, _moment(at)))
        wanted = dict(accepted)
        ours = {found[0][0]: found[0][1] for where in wanted if (found := received.get(where))}
        opened = {}
        for at, facts in rows.execute(
            "SELECT at, facts FROM audit_auditrow WHERE event IN ('case.opened', 'case.joined')"
        ):
            opened.setdefault(json.loads(facts)["report"], _moment(at))
        urgent = {received[where][0][0] for where, kind in wanted.items() if kind == "danger" and where in received}
        paged = _paged(rows)
        gaps = "SELECT coalesce(sum(much), 0) FROM (SELECT max(number) - min(number) + 1 - count(*) much FROM audit_auditrow GROUP BY chain)"
        return Became(
            lost=sum(where not in received for where in wanted),
            twice=sum(len(found) - 1 for found in received.values()),
            without_case=sum(number not in opened for number in ours),
            until_case=sorted((opened[number] - at).total_seconds() for number, at in ours.items() if number in opened),
            until_paged=sorted((paged[number] - ours[number]).total_seconds() for number in urgent if number in paged),
            unpaged=sum(number not in paged for number in urgent),
            missing_rows=int(rows.execute(gaps).fetchone()[0]),
            dead_jobs=int(rows.execute("SELECT count(*) FROM jobs_job WHERE dead").fetchone()[0]),
        )


def _paged(rows: sqlite3.Connection) -> dict[int, datetime]:
    """When a mail server first took a message that can have named the report: one that was written after it had joined its page."""
    asked = (
        "SELECT p.report_id, min(m.sent_at) FROM oncall_pagedreport p JOIN oncall_pagemessage m ON m.page_id = p.page_id "
        "WHERE m.sent_at IS NOT NULL AND m.created_at >= p.added_at GROUP BY p.report_id"
    )
    return {number: _moment(at) for number, at in rows.execute(asked)}


def _open(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)


def _moment(text: str) -> datetime:
    """A moment of the database; all are UTC, with or without saying so."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
