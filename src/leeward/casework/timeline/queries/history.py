"""Everything that happened to a case, on one timeline from the log, the notes, the messages and the checks."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from leeward.audit.queries import LogLine, log_of
from leeward.casework import labels, queries
from leeward.casework.acting.queries.abroad import exchanges_about
from leeward.casework.assessment.queries.differing import names_of
from leeward.casework.merging.services.merged import references_merged_into
from leeward.casework.models import Case
from leeward.casework.names import labels as names_labels
from leeward.exchange.queries import EntryRow, ExchangeRow
from leeward.exchange.rules.steps import ACTIONS, KINDS
from leeward.foundation.actor import Actor
from leeward.monitoring.queries import CheckRow, checks_of
from leeward.notices import queries as notices_queries
from leeward.notices.queries import HistoryRow, histories_of
from leeward.notices.queries.labels import NAME_ACTS
from leeward.people.queries import staff_names
from leeward.web_security.paging import Page

MOST_ACTS, MOST_CHECKS = 200, 200
MOMENT = "j F Y, H:i"
# Events that the history of messages covers better.
_SHOWN_ELSEWHERE = ("case.police_told", "case.host_told", "exchange.reported", "exchange.said", "exchange.unsaid")


@dataclass(frozen=True, slots=True)
class Event:
    """One line: when, what, who, and what there is to read. `state` is done, now or later. Consecutive checks with the
    same result are one line: `times` of them, the first at `since`. `page` is where somebody can settle it. Of mails that are
    shown `is_in_part` the rest is on a page of its own.
    """

    at: datetime
    title: str
    who: str = ""
    note: str = ""
    text: str = ""
    state: str = "done"
    is_check: bool = False
    times: int = 1
    since: datetime | None = None
    page: str = ""
    is_in_part: bool = False


def history_of(case: Case, *, actor: Actor) -> list[Event]:
    """Return the case's events, newest first, with what is still to come before them. While a second assessment is
    blind, the first person's findings and words are left out.
    """
    names = staff_names(case.hotline_id)
    blind = case.hides_first_from(actor.id)
    events = [
        _of_act(line, names, blind=blind)
        for line in log_of(case.hotline_id, f"case:{case.pk}", MOST_ACTS)
        if line.event not in _SHOWN_ELSEWHERE
    ]
    events += [
        Event(note.at, _("Note"), names.get(note.by_id or 0, ""), text=note.text)
        for note in queries.notes_of(case.pk)
        if not (blind and note.by_id == case.first_assessor_id)
    ]
    events += [_of_message(row, names) for row in _messages_about(case)]
    events += [_of_entry(row, entry) for row in exchanges_about(case) for entry in row.entries]
    events += [_of_check(row) for row in checks_of(case.location_id, MOST_CHECKS)]
    return _folded(sorted(events, key=lambda event: (event.state == "later", event.at), reverse=True))


def _messages_about(case: Case) -> list[HistoryRow]:
    """Return the messages about this case and about those merged into it, with their references."""
    references = _references(case)
    found = histories_of(list(references))
    return [_named(row, reference) for number, reference in references.items() for row in found[number]]


def mails_of(case: Case, number: str | None) -> Page[Event]:
    """Return one page of all mails that answer letters about this case and about those merged into it, newest first."""
    references = _references(case)
    page: Page[Any] = notices_queries.mails_of(list(references), number)
    return replace(page, rows=[_of_message(_named(row, references[one]), {}) for one, row in page.rows])


def _references(case: Case) -> dict[int, str]:
    """Return the numbers of this case, and of those merged into it of which anybody was to be told, with their references."""
    merged = references_merged_into(case.pk) if getattr(case, "took_in", True) else {}
    notified = notices_queries.notified_cases(merged) if merged else ()
    return {case.pk: ""} | {number: merged[number] for number in notified}


def _named(row: HistoryRow, reference: str) -> HistoryRow:
    return replace(row, note="\n".join(filter(None, (reference, row.note))))


def _folded(events: list[Event]) -> list[Event]:
    """Merge consecutive checks with the same result into one line."""
    found: list[Event] = []
    for event in events:
        before = found[-1] if found else None
        if before and event.is_check and before.is_check and (event.title, event.note) == (before.title, before.note):
            found[-1] = replace(before, times=before.times + 1, since=event.at)
        else:
            found.append(event)
    return found


def _of_act(line: LogLine, names: dict[int, str], *, blind: bool) -> Event:
    kind, _colon, number = line.actor.partition(":")
    who = names.get(int(number), "") if kind == "staff" and number.isdecimal() else ""
    title = str(labels.EVENTS.get(line.event, line.event))
    hidden = blind and line.event in ("case.assessed", "preview.shown", "case.offline_facts_recorded")
    return Event(datetime.fromisoformat(line.at), title, who, "" if hidden else _detail_of(line.event, line.facts))


def _detail_of(event: str, facts: Any) -> str:
    """Return the part of an act's facts that says more than its name."""
    if event == "case.assessed":
        parts = [labels.ROUNDS.get(facts.get("round")), labels.OUTCOMES.get(facts.get("outcome"))]
        if facts.get("reason"):
            parts.append(labels.REASONS.get(facts["reason"]))
        return ". ".join(part for part in (", ".join(str(part) for part in parts if part), _compared(facts)) if part)
    if event == "case.closed":
        return str(labels.REASONS.get(facts.get("reason"), ""))
    if event == "preview.shown":
        return ", ".join(
            [
                str(labels.VIEW_REASONS.get(facts.get("reason"), "")),
                _("blurred") if facts.get("blurred") else _("clear"),
            ]
        )
    if event == "case.news_came":
        return _news(facts)
    return ""


def _news(facts: Any) -> str:
    """Return what came in, with its moment in UTC, since the log has no time zone."""
    act, due = NAME_ACTS.get(facts.get("act")), facts.get("due")
    if act is None or due is None:
        return str(labels.NEWS.get(facts.get("what"), ""))
    shown = formats.date_format(datetime.fromisoformat(due).astimezone(UTC), MOMENT)
    return str(names_labels.OVERDUE) % {"act": act, "moment": f"{shown} UTC"}


def _compared(facts: Any) -> str:
    """Return how a second assessment differs from the first, and which of them is sent."""
    if "differs" not in facts:
        return ""
    if not facts["differs"]:
        return _("It agrees with the first")
    sentence = _("It differs from the first in: %(what)s") % {"what": names_of(facts["differs"])}
    return (
        sentence
        if facts.get("led_to") != "confirm_illegal"
        else _("%(said)s. Messages follow this one") % {"said": sentence}
    )


def _of_entry(row: ExchangeRow, entry: EntryRow) -> Event:
    """Return a message to or from another hotline. What it found is left out: a second assessment may be under way."""
    what = ACTIONS[entry.what] if entry.kind == "action" else KINDS[entry.kind]  # type: ignore[index]
    title = _("To %(hotline)s: %(what)s") if entry.is_ours else _("From %(hotline)s: %(what)s")
    state = "done" if entry.state in ("sent", "received") else "later"
    text = "" if entry.kind == "report" and not entry.is_ours else entry.text
    return Event(
        entry.stored_at, title % {"hotline": row.peer_name, "what": what}, entry.by_name, text=text, state=state
    )


def _of_message(row: HistoryRow, names: dict[int, str]) -> Event:
    note = "\n".join(part for part in (_who_entered(row, names), row.note) if part)
    return Event(row.at, row.title, row.to, note, row.mail_text, row.state, page=row.page, is_in_part=row.is_in_part)


def _who_entered(row: HistoryRow, names: dict[int, str]) -> str:
    """Return who entered by hand what the police are said to have answered, and who confirmed it."""
    if row.entered_by is None:
        return ""
    people = {"name": names.get(row.entered_by, ""), "other": names.get(row.stands_behind or 0, "")}
    if row.what.startswith("protection"):
        return _("Entered by hand by %(name)s, not by the office itself") % people
    if row.stands_behind is None:
        return _("Entered by hand by %(name)s, not by the police themselves") % people
    if not people["other"]:
        return _("Entered by hand by %(name)s, and confirmed by an outside reviewer") % people
    return _("Entered by hand by %(name)s, and confirmed by %(other)s") % people


def _of_check(row: CheckRow) -> Event:
    parts = [str(row.status) if row.status else "", row.reason.replace("_", " ")]
    if row.distance_bits is not None:
        parts.append(_("%(number)s bits away") % {"number": row.distance_bits})
    if not row.counted and row.outcome in ("gone", "changed"):
        parts.append(_("not counted"))
    note = ", ".join(part for part in parts if part)
    title = _("Check: %(outcome)s") % {"outcome": labels.CHECKS.get(row.outcome, row.outcome)}
    return Event(row.at, title, note=note, is_check=True)
