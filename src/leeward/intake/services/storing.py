"""Storing new reports. What threads of one process bring at the same moment is one transaction: to begin and to end one, to
force it to the disk and to move the log's tip cost as much for one report as for ten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection

from leeward.audit.services import hotline_transaction, record_all
from leeward.foundation.actor import Actor
from leeward.foundation.together import Together
from leeward.intake.models import Item, Report
from leeward.intake.rules.where import ItemDraft
from leeward.intake.services.marking import report_changed
from leeward.jobs.services import publish_all
from leeward.tables import insert, insert_all
from leeward.web_security.services import note_used

BECAME_URGENT = "report.became_urgent"


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report that isn't stored yet: its row and items, its act in the log, and the digest of what is used up with it."""

    report: Report
    items: Sequence[ItemDraft]
    actor: Actor
    facts: Mapping[str, object]
    uses: str = ""


def store(new: NewReport) -> None:
    """Store a report of the hotline in scope, with those that others bring meanwhile. Raises IntegrityError where its form or the
    number of its receipt is there already, and whatever else the database raises; then nothing of it is stored."""
    line = _line(new.report.hotline_id)
    (line.do_alone if connection.in_atomic_block else line.do)(new)


@cache
def _line(hotline_id: int) -> Together[NewReport]:
    """Return the line of those who bring a report of this hotline."""
    return Together(hotline_transaction, _write)


def _write(together: Sequence[NewReport]) -> None:
    """Write reports of one hotline with all that belongs to them, in the caller's transaction."""
    for new in together:
        insert(new.report)
        report_changed(new.report.pk, new.report.hotline_id)
    insert_all(row for new in together for row in _rows(new.report, new.items, new.report.received_at))
    for actor in dict.fromkeys(new.actor for new in together):
        acts = [(f"report:{new.report.pk}", new.facts) for new in together if new.actor == actor]
        record_all("report.received", acts, actor=actor, hotline_id=together[0].report.hotline_id)
    announce_received(*(new.report for new in together))
    note_used(*(new.uses for new in together))


def write_items(report: Report, items: Sequence[ItemDraft], *, now: datetime) -> None:
    """Write the items of a report, in the caller's transaction."""
    insert_all(_rows(report, items, now))


def _rows(report: Report, items: Sequence[ItemDraft], now: datetime) -> list[Item]:
    return [
        Item(
            hotline_id=report.hotline_id,
            report_id=report.pk,
            kind=item.kind,
            typed=item.typed,
            display=item.display,
            comparable=item.comparable,
            service=item.service,
            state_changed_at=now,
        )
        for item in items
    ]


def announce_received(*reports: Report) -> None:
    """Publish that reports of one hotline came in, in the caller's transaction; with separate events, so that paging waits for none
    of the other work of an urgent one, and only one that brought fingerprints makes work for the list of them.
    """
    for is_urgent in (True, False):
        numbers = [report.pk for report in reports if bool(report.urgency) is is_urgent]
        marked = [report.pk for report in reports if report.fingerprints and report.pk in numbers]
        events = {"report.received": numbers, "own_picture.received": marked}
        for event, subjects in ({BECAME_URGENT: numbers} | events if is_urgent else events).items():
            publish_all(event, subjects, hotline_id=reports[0].hotline_id, urgent=is_urgent)
