"""What the invariants are asked about, read from the database, from its files and from the mail that really arrived."""

import gzip
import hashlib
import json
import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leeward.demo.world.smtp import Received
from tests.chaos.house import House
from tests.chaos.invariants import JobRow, MailRow, PublicationRow, ReportRow
from tests.chaos.record import Record
from tests.journeys.life import REFERENCE

_LINK = re.compile(r"/(?:referral|notice|payment)/[\w-]+")
_REPORTS = """
SELECT report.id, item.display, coalesce(casework_case.reference, '')
FROM intake_report AS report JOIN intake_item AS item ON item.report_id = report.id
LEFT JOIN casework_caseitem ON casework_caseitem.item_id = item.id
LEFT JOIN casework_case ON casework_case.id = casework_caseitem.case_id
"""
_BEGUN = "SELECT 'notice:' || subject_id, sending_since FROM notices_message WHERE kind = 'notice'"
_PUBLICATIONS = """
SELECT blocklist_blocklist.name, serial, sha256, entries FROM publishing_publication
JOIN blocklist_blocklist ON blocklist_blocklist.id = list_id WHERE serial IS NOT NULL ORDER BY publishing_publication.id
"""

_COMPARE = """
from leeward.site.start import start
start()
from leeward.jobs.registry import load
load()
from leeward.spool.services import compare
print(compare())
"""


class Rows:
    """The rows of an installation at one moment."""

    def __init__(self, house: House) -> None:
        self.house = house

    def all(self, sql: str) -> list[sqlite3.Row]:
        """Return what a query finds."""
        with closing(self.house.database()) as database:
            database.row_factory = sqlite3.Row
            return database.execute(sql).fetchall()

    def reports(self) -> list[ReportRow]:
        """Every report with its address and case."""
        return [ReportRow(*row) for row in self.all(_REPORTS)]

    def log(self) -> list[dict[str, Any]]:
        """Every row of every log; that of a notice also says since when its message was on its way."""
        sql = "SELECT chain, number, at, event, actor, subject, facts FROM audit_auditrow ORDER BY chain, number"
        begun = dict(map(tuple, self.all(_BEGUN)))
        return [
            dict(row) | {"at": _time(row["at"]), "begun": _time(begun.get(row["subject"]))} for row in self.all(sql)
        ]

    def jobs(self) -> list[JobRow]:
        """Every job."""
        sql = "SELECT kind, subject_id, due_at, leased_until, dead, problem FROM jobs_job"
        return [JobRow(row[0], row[1], _time(row[2]), _time(row[3]), bool(row[4]), row[5]) for row in self.all(sql)]

    def claims(self) -> dict[str, datetime]:
        """Until when each claimed case is held."""
        sql = "SELECT reference, claimed_until FROM casework_case WHERE claimed_until IS NOT NULL"
        return {row[0]: _time(row[1]) for row in self.all(sql)}

    def messages(self) -> dict[str, str]:
        """The state of each message of the outbox, by its identifier."""
        return dict(tuple(row) for row in self.all("SELECT message_id, state FROM notices_message"))

    def publications(self) -> list[PublicationRow]:
        """Every publication with what is on the disk of it."""
        folder = self.house.data / "lists" / "states"
        return [PublicationRow(*row, *_file_of(folder / f"{row[2]}.gz")) for row in self.all(_PUBLICATIONS)]

    def waiting(self) -> tuple[list[str], int]:
        """What could not be taken in, and how much else waits between the public face and the desk."""
        if not self.house.is_apart:
            return [], 0
        with closing(self.house.public_database()) as file:
            problems = [row[0] for row in file.execute("SELECT problem FROM spool_arrival")]
        marks = self.all("SELECT id FROM spool_mark")
        return [problem for problem in problems if problem], problems.count("") + len(marks)

    def told_peer(self) -> dict[str, tuple[int, str]]:
        """Of each exchange its case, and how its report stands."""
        sql = (
            "SELECT uid, case_id, state FROM exchange_exchange JOIN exchange_exchangemessage AS one ON exchange_id = exchange_exchange.id "
            "WHERE one.kind = 'report' AND exchange_exchange.side = 'reporting'"
        )
        return {row[0]: (row[1], row[2]) for row in self.all(sql)}

    def received(self) -> int:
        """How many messages of the peer were taken in."""
        return int(self.all("SELECT count(*) FROM exchange_exchangemessage WHERE state = 'received'")[0][0])

    def leftovers(self) -> list[str]:
        """Files that a subscriber could be given, and that are not what their name says."""
        found = []
        for path in (self.house.data / "lists").rglob("*"):
            if path.is_file() and not path.name.startswith(".") and path.stat().st_size == 0:
                found.append(path.name)
        return found


def _time(text: str | None) -> Any:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def _file_of(path: Path) -> tuple[str | None, int]:
    try:
        text = gzip.decompress(path.read_bytes())
    except (OSError, EOFError):
        return None, 0
    return hashlib.sha256(text).hexdigest(), len(text.splitlines())


def mails(received: Iterable[Received]) -> list[MailRow]:
    """What arrived, a row for each recipient, in order."""
    return [
        MailRow(
            recipient,
            str(mail.message["Message-ID"]),
            frozenset(REFERENCE.findall(f"{mail.message['Subject']} {mail.text}")),
            next(iter(_LINK.findall(mail.text)), ""),
            str(mail.message["Subject"]),
        )
        for mail in received
        for recipient in mail.recipients
    ]


def taken(record: Record) -> dict[str, tuple[int, int]]:
    """Of each address that no restoring touched: how many receipts were given, and how many answers never came, or went with the
    public face's file."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    cut = {one.address for one in record.promises if record.is_cut(one.at)}
    for one in record.promises:
        found[one.address][0 if one.receipt and not record.is_lost(one) else 1] += 1
    return {address: (given, unknown) for address, (given, unknown) in found.items() if address not in cut}


def wrong_cards(house: House) -> int:
    """How many cards don't show what the desk has; they are mended by that."""
    done = house.run(_COMPARE)
    return int(done.stdout) if done.returncode == 0 else -1


def verdicts(house: House) -> list[dict[str, Any]]:
    """What the log's own check says of each log, once what was written while the clock was wrong is signed."""
    house.command("audit", "checkpoint")
    done = house.command("audit", "verify", "--json")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")] or [
        {"chain": -1, "rows": 0, "ok": False, "problem": f"verify ended with {done.returncode}: {done.stderr[-300:]}"}
    ]


def proof_faults(house: House, chain: int, number: int) -> list[str]:
    """Have a row's proof made, and checked by the command that needs no installation."""
    signed = house.command("audit", "checkpoint")
    if signed.returncode:
        return [f"the log is not signed: {signed.stderr[-300:]}"]
    file = house.folder / "proof"
    shutil.rmtree(file, ignore_errors=True)
    made = house.command("audit", "prove", str(number), "--chain", str(chain), "--out", str(file))
    if made.returncode:
        return [f"row {number} of log {chain} has no proof: {made.stderr[-300:]}"]
    checked = house.command("audit", "check-proof", str(file))
    return [] if checked.returncode == 0 else [f"row {number} of log {chain}: {checked.stdout}{checked.stderr[-300:]}"]
