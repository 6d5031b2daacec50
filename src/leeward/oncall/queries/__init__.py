"""Queries about who is on call, the state of pages, and problems with paging."""

from leeward.oncall.queries.alarms import Alarm, Board, alarms, board
from leeward.oncall.queries.links import Behind, behind_link
from leeward.oncall.queries.lists import (
    OnCallRow,
    Readiness,
    can_be_paged,
    circles,
    lists_of,
    people_paged,
    readiness,
    recipients_first,
)
from leeward.oncall.queries.pages import (
    PagedRow,
    PageRow,
    held_pages,
    open_pages,
    open_urgent_pages,
    paging_of,
    pauses,
    standing_of,
    unsent_messages,
)
from leeward.oncall.queries.rotas import (
    Agreements,
    Cover,
    NoteRow,
    agreements_of,
    calendar_address,
    notes_of,
    overrides_of,
    police_number,
    rotations_of,
    whose_calendar,
)
from leeward.oncall.queries.shifts import calendar_of
from leeward.oncall.queries.timelines import Timeline, timeline_of

__all__ = [
    "Agreements",
    "Alarm",
    "Behind",
    "Board",
    "Cover",
    "NoteRow",
    "OnCallRow",
    "PageRow",
    "PagedRow",
    "Readiness",
    "Timeline",
    "agreements_of",
    "alarms",
    "behind_link",
    "board",
    "calendar_address",
    "calendar_of",
    "can_be_paged",
    "circles",
    "held_pages",
    "lists_of",
    "notes_of",
    "open_pages",
    "open_urgent_pages",
    "overrides_of",
    "paging_of",
    "pauses",
    "people_paged",
    "police_number",
    "readiness",
    "recipients_first",
    "rotations_of",
    "standing_of",
    "timeline_of",
    "unsent_messages",
    "whose_calendar",
]
