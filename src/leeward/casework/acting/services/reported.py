"""What the police read of what reporters said: where it is urgent all of it, each report once, and what is new by itself."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from leeward.casework.models import Case
from leeward.hosting.queries import Whereabouts
from leeward.intake import queries as reports
from leeward.intake.queries import ReportRow

# An urgent report is passed on whole, whatever its length; of others the police get the newest, shortened.
MOST_WORDS, MOST_REPORTS = 4000, 20
MOST_URGENT = 2000


def told_by_reporters(
    case: Case, where: Whereabouts, left: Sequence[ReportRow], *, count: int, since: datetime | None
) -> list[str]:
    """The reporters' own words, for the police of this portal only: where it is urgent, wherever it is hosted and whatever became
    of the case; where there is nothing else to go by; and where nobody assesses. `since`: when they were last told."""
    if not carries_words(case, where.kind):
        return []
    is_whole = case.urgent or case.state == "forwarded"
    told = [(row.received_at, line) for row in left for line in _lines_of(row, where, is_whole=is_whole)]
    if is_whole:
        more = reports.messages_of_reports([row.id for row in left])
        told += [(row.at, _line(row.at, row.text)) for row in more if row.direction == "from_reporter" and row.text]
    told = sorted(told, key=lambda one: one[0])[-(MOST_URGENT if case.urgent else MOST_REPORTS) :]
    known = [line for at, line in told if since is None or at <= since]
    new = [line for at, line in told if since is not None and at > since]
    if since is not None and new:
        known.append(_("New since our message of %(when)s:") % {"when": f"{since:%Y-%m-%d %H:%M} UTC"})
    first = [_("Reports of this address: %(count)s") % {"count": count}] if is_whole and count > 1 else []
    return [*first, *known, *new]


def carries_words(case: Case, kind: str) -> bool:
    """Whether the police are to read the reporters' own words."""
    return case.state == "forwarded" or case.urgent or kind == "words"


def _lines_of(row: ReportRow, where: Whereabouts, *, is_whole: bool) -> list[str]:
    """What one report says: its words, and where it is passed on whole, the place as it was typed, and who says when."""
    if not is_whole:
        return [_line(row.received_at, row.words[:MOST_WORDS])] if row.words else []
    lines = [_line(row.received_at, row.words)] if row.words else []
    typed = (row.where or _items(row)).strip()
    if typed and typed != where.display:
        pasted = "\n  ".join(" ".join(line.split()) for line in typed.splitlines() if line.strip())
        lines.append(f"{_('Where, as it was typed')}: “{pasted}”")
    if row.under_18:
        lines.append(_("Under 18"))
    if row.when_seen != "unknown":
        lines.append(f"{_('When it was seen')}: {reports.seen_when(row)}")
    return lines


def _items(row: ReportRow) -> str:
    return "\n".join(item.display for item in reports.items_of(row.id) if item.display)


def _line(at: datetime, words: str) -> str:
    return _("Report of %(day)s: “%(words)s”") % {"day": at.date().isoformat(), "words": " ".join(words.split())}
