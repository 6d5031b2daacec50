"""Importing many reports at once, from a list that staff received."""

from dataclasses import dataclass
from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.intake.errors import ListUnreadable
from leeward.intake.labels import list_sentence
from leeward.intake.rules.listed import Line, Unreadable, ranges, read_list
from leeward.intake.services.receiving import Arrival, may_enter, write_report
from leeward.intake.services.storing import announce_received
from leeward.people.queries import portal
from leeward.web_security.services import use_once


@dataclass(frozen=True, slots=True)
class Imported:
    """A list as it was read, and the numbers of the reports made from its good lines (none on a dry run)."""

    lines: list[Line]
    report_ids: list[int]

    @property
    def good(self) -> int:
        """Return how many lines can be taken."""
        return sum(line.is_good for line in self.lines)


def import_reports_csv(
    text: str,
    *,
    hotline_id: int,
    portal_id: int,
    source: str,
    actor: Actor,
    form_key: str,
    dry_run: bool,
    now: datetime | None = None,
) -> Imported:
    """Read a list and, unless `dry_run`, make a report of each good line, in one transaction; lines with problems are
    left out.

    The same form submitted twice makes its reports once: the second time returns none.
    """
    may_enter(actor, hotline_id, source)
    now = now or datetime.now(UTC)
    try:
        lines = read_list(text, country=portal(portal_id).country)
    except Unreadable as error:
        raise ListUnreadable(why=list_sentence(str(error))) from error
    good = [line for line in lines if line.is_good]
    if dry_run or not good:
        return Imported(lines, [])
    with hotline_transaction():
        if not use_once(form_key, purpose="intake.import"):
            return Imported(lines, [])
        made = []
        for line in good:
            received_at = min(line.received_at or now, now)
            arrival = Arrival(hotline_id, portal_id, source, line.language, received_at, actor.id)
            report = write_report(line.draft, arrival)
            announce_received(report)
            made.append(report.pk)
        facts = {"count": len(made), "reports": ranges(made), "source": source, "portal": portal_id}
        record("reports.imported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return Imported(lines, made)
