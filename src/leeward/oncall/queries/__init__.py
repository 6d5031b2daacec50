"""Queries about who is on call, the state of pages, and problems with paging."""

from leeward.oncall.queries.alarms import Alarm, Board, alarms, board
from leeward.oncall.queries.links import Behind, behind_link
from leeward.oncall.queries.lists import OnCallRow, Readiness, can_be_paged, circles, readiness, recipients_first
from leeward.oncall.queries.pages import (
    PagedRow,
    PageRow,
    open_pages,
    paging_of,
    pauses,
    standing_of,
    unsent_messages,
)

__all__ = [
    "Alarm",
    "Behind",
    "Board",
    "OnCallRow",
    "PageRow",
    "PagedRow",
    "Readiness",
    "alarms",
    "behind_link",
    "board",
    "can_be_paged",
    "circles",
    "open_pages",
    "paging_of",
    "pauses",
    "readiness",
    "recipients_first",
    "standing_of",
    "unsent_messages",
]
