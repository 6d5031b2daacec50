"""An entry's history as a timeline."""

from dataclasses import dataclass
from datetime import datetime

from leeward.audit.queries import LogLine
from leeward.blocklist import labels
from leeward.blocklist.models import Entry
from leeward.blocklist.queries import entries
from leeward.people.queries import staff_names


@dataclass(frozen=True, slots=True)
class Event:
    """One line: when, what, who, and what there is to add."""

    at: datetime
    title: str
    who: str = ""
    note: str = ""
    state: str = "done"


def events_of(entry: Entry) -> list[Event]:
    """Return every log line about an entry, newest first."""
    names = staff_names(entry.hotline_id)
    return [_event(line, names) for line in entries.life_of(entry)]


def _event(line: LogLine, names: dict[int, str]) -> Event:
    kind, _colon, number = line.actor.partition(":")
    who = names.get(int(number), "") if kind == "staff" and number.isdecimal() else ""
    title = str(labels.EVENTS.get(line.event, line.event))
    ending = str(labels.ENDINGS.get(str(line.facts.get("ending", "")), ""))
    return Event(datetime.fromisoformat(line.at), title, who, ending)
