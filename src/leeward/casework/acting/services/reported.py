"""What the police read of the reporters' words: everything where it is urgent, each report once, and new words
separately. Where there are several reports, each line names its own: two children may have told of one account.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from leeward.casework.acting.rules.shares import Line, fair_share
from leeward.casework.models import Case
from leeward.hosting.queries import Whereabouts
from leeward.intake import queries as intake_queries
from leeward.intake.labels import HAPPENED, KINDS, THREATS
from leeward.intake.queries import ItemRow, MessageRow, ReportRow
from leeward.intake.rules.standing import RECEIVED
from leeward.notices.rules.plain_text import clean, one_line, unlinked

type ReportWithItems = tuple[ReportRow, list[ItemRow]]  # a report with all its items
# Urgent reports are passed on in full, as far as a mail server takes so much; of others the police get the newest, shortened.
MOST_WORDS, MOST_REPORTS = 4000, 20
MOST_URGENT, MOST_BYTES = 2000, 1_000_000


def reporter_texts(
    case: Case,
    where: Whereabouts,
    left: Sequence[ReportWithItems],
    *,
    count: int,
    since: datetime | None,
) -> tuple[list[tuple[int, str]], tuple[tuple[int, tuple[str, ...]], ...]]:
    """Return the reporters' own words, for the police of this portal only, wherever the content is hosted and whatever
    became of the case, each with the number of its report (0: a line of ours), and by report all that can be found again in mail that
    quotes them. `since` is when they were last told.
    """
    is_whole = case.urgent or case.state == "forwarded"
    more = intake_queries.messages_of_reports([row.id for row, _items in left])
    most = None if is_whole else MOST_WORDS
    is_named = count > 1
    every = [line for row, items in left for line in _lines_of(row, items, where, most=most, is_named=is_named)]
    every += [
        _line(row.at, row.text, row.report_id, is_named=is_named)
        for row in more
        if row.direction == "from_reporter" and row.text
    ]
    most_lines, most_bytes = (MOST_URGENT, MOST_BYTES) if case.urgent else (MOST_REPORTS, None)
    lines = fair_share(every, most=most_lines, most_bytes=most_bytes)
    known = [(line.report, line.whole) for line in lines if since is None or line.at <= since]
    new = [(line.report, line.whole) for line in lines if since is not None and line.at > since]
    if since is not None and new:
        known.append((0, _("New since our message of %(when)s:") % {"when": f"{since:%Y-%m-%d %H:%M} UTC"}))
    first = [(0, _("Reports of this address: %(count)s") % {"count": count})] if count > 1 else []
    shortened = {*lines} - {*every}
    if case.urgent and len(lines) < len(every):
        more_of_them = _("Too much for one letter: %(count)s more lines of these reports are with the hotline.")
        first.append((0, more_of_them % {"count": len(every) - len(lines)}))
    if shortened:
        first.append((0, _("Too much for one letter: of lines that end in […] the hotline has the rest.")))
    in_full = [
        (row.id, (*_in_full(row, items, more), *(line.whole for line in shortened if line.report == row.id)))
        for row, items in left
    ]
    return [*first, *known, *new], tuple(in_full)


def _in_full(row: ReportRow, items: Sequence[ItemRow], more: Sequence[MessageRow]) -> tuple[str, ...]:
    """Return everything that one report says in its reporter's words, as our letters quote it: whole, and as much as they hold."""
    texts = [(row.received_at, row.text), (row.received_at, row.text[:MOST_WORDS])]
    texts += [(one.at, one.text) for one in more if one.report_id == row.id and one.direction == "from_reporter"]
    typed = [row.where.strip(), *(item.typed or item.display for item in items)]
    access = [(_("Password of the page or file"), row.password), (_("Opened from"), row.referrer)]
    lines = [
        *(_line(at, text, row.id, is_named=named).whole for at, text in texts if text for named in (False, True)),
        *(_typed(text) for text in typed if text),
        *(f"{name}: “{one_line(value, MOST_WORDS)}”" for name, value in access if value),
    ]
    return tuple(dict.fromkeys(lines))


def _lines_of(
    row: ReportRow, named: Sequence[ItemRow], where: Whereabouts, *, most: int | None, is_named: bool
) -> list[Line]:
    """Return everything that one report says, with times: its words, its kind, every place as typed, and how it is
    reached.
    """
    typed_lines: list[str] = []
    items = [item for item in named if item.display]
    typed = row.where.strip()
    if typed and typed != where.display:
        typed_lines.append(_typed(typed))
    facts = [(_("What happened"), KINDS[row.kind])]
    if row.threat:
        facts.append((_("Is anyone threatening to share it?"), THREATS[row.threat]))
    if row.happened:
        facts.append((_("What the person says of it"), HAPPENED[row.happened]))
    facts += [(_("Password of the page or file"), row.password), (_("Opened from"), row.referrer)]
    typed_lines += [f"{name}: {one_line(str(value), MOST_WORDS)}" for name, value in facts if value]
    if row.needs_login:
        typed_lines.append(_("You have to sign in to see it"))
    if row.under_18:
        typed_lines.append(_("Under 18"))
    if row.when_seen != "unknown":
        typed_lines.append(f"{_('When it was seen')}: {intake_queries.seen_when(row)}")
    later = [
        (item.state_changed_at if item.state == RECEIVED else row.received_at, _typed(item.typed or item.display))
        for item in items
        if item.display != where.display and (item.typed or item.display) not in typed
    ]
    lines = [(row.received_at, line) for line in typed_lines] + later
    if is_named:
        lines = [(at, _("Report %(number)s: %(line)s") % {"number": row.id, "line": line}) for at, line in lines]
    found = [Line(at, row.id, line) for at, line in lines]
    return [_line(row.received_at, row.text[:most], row.id, is_named=is_named), *found] if row.text else found


def _typed(text: str) -> str:
    pasted = "\n  ".join(" ".join(line.split()) for line in clean(text).splitlines() if line.strip())
    return f"{_('Where, as entered')}: “{pasted}”"


def _line(at: datetime, text: str, report_id: int, *, is_named: bool) -> Line:
    quoted, day = unlinked(" ".join(clean(text).split())), at.date().isoformat()
    if is_named:
        around = _("Report %(number)s of %(day)s: “%(words)s”") % {"number": report_id, "day": day, "words": "\0"}
    else:
        around = _("Report of %(day)s: “%(words)s”") % {"day": day, "words": "\0"}
    before, _text, after = around.partition("\0")
    return Line(at, report_id, before, quoted, after)
