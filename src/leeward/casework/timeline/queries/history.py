"""Everything that happened to a case, from the log, the notes, the messages and the checks, in one line of time."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.queries import LogLine, log_of
from leeward.casework import labels, queries
from leeward.casework.assessment.queries.differing import names_of
from leeward.casework.models import Case
from leeward.foundation.actor import Actor
from leeward.monitoring.queries import CheckRow, checks_of
from leeward.notices.queries import HistoryRow
from leeward.notices.queries import history_of as notices_of
from leeward.people.queries import staff_names

MOST_ACTS, MOST_CHECKS = 200, 200
# What the messages' own history says better.
_SAID_ELSEWHERE = ("case.police_told", "case.host_told")


@dataclass(frozen=True, slots=True)
class Event:
    """One line: when, what, who, and what there is to read. `state` is done, now or later. Checks that found the same one after
    the other are one line: so many `times`, the first of them at `since`. `page` is where somebody settles it."""

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


def history_of(case: Case, *, actor: Actor) -> list[Event]:
    """The case's events, newest first, what is still to come before them. While a second look is blind, what the first
    person found and wrote is left out."""
    names = staff_names(case.hotline_id)
    blind = case.hides_first_from(actor.id)
    events = [
        _of_act(line, names, blind=blind)
        for line in log_of(case.hotline_id, f"case:{case.pk}", MOST_ACTS)
        if line.event not in _SAID_ELSEWHERE
    ]
    events += [
        Event(note.at, _("Note"), names.get(note.by_id or 0, ""), text=note.text)
        for note in queries.notes_of(case.pk)
        if not (blind and note.by_id == case.first_assessor_id)
    ]
    events += [_of_message(row, names) for row in notices_of(case.pk)]
    events += [_of_check(row) for row in checks_of(case.location_id, MOST_CHECKS)]
    return _folded(sorted(events, key=lambda event: (event.state == "later", event.at), reverse=True))


def _folded(events: list[Event]) -> list[Event]:
    """The same with one line for checks that stand next to each other and found the same."""
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
    return Event(datetime.fromisoformat(line.at), title, who, "" if hidden else _told(line.event, line.facts))


def _told(event: str, facts: Any) -> str:
    """The part of an act's facts that says more than its name."""
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
        return str(labels.NEWS.get(facts.get("what"), ""))
    return ""


def _compared(facts: Any) -> str:
    """In what a second assessment differs from the first, and which of them goes out."""
    if "differs" not in facts:
        return ""
    if not facts["differs"]:
        return _("It agrees with the first")
    said = _("It differs from the first in: %(what)s") % {"what": names_of(facts["differs"])}
    return (
        said if facts.get("led_to") != "confirm_illegal" else _("%(said)s. Messages follow this one") % {"said": said}
    )


def _of_message(row: HistoryRow, names: dict[int, str]) -> Event:
    note = "\n".join(part for part in (_who_entered(row, names), row.note) if part)
    return Event(row.at, row.title, row.to, note, row.mail_text, row.state, page=row.page)


def _who_entered(row: HistoryRow, names: dict[int, str]) -> str:
    """Who entered by hand what the police are said to have answered, and who confirmed that."""
    if row.entered_by is None:
        return ""
    said = {"name": names.get(row.entered_by, ""), "other": names.get(row.stands_behind or 0, "")}
    if row.stands_behind is None:
        return _("Entered by hand by %(name)s, not by the police themselves") % said
    if not said["other"]:
        return _("Entered by hand by %(name)s, and confirmed by an outside reviewer") % said
    return _("Entered by hand by %(name)s, and confirmed by %(other)s") % said


def _of_check(row: CheckRow) -> Event:
    said = [str(row.status) if row.status else "", row.reason.replace("_", " ")]
    if row.distance_bits is not None:
        said.append(_("%(number)s bits away") % {"number": row.distance_bits})
    if not row.counted and row.outcome in ("gone", "changed"):
        said.append(_("not counted"))
    note = ", ".join(part for part in said if part)
    title = _("Check: %(outcome)s") % {"outcome": labels.CHECKS.get(row.outcome, row.outcome)}
    return Event(row.at, title, note=note, is_check=True)
