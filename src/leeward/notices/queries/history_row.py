"""One line of what was told and answered about a case."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of the timeline: `what` is a stable identifier, `state` is done, now or later, `title` and `note` are
    for people, `page` is where it can be settled. `entered_by` is who entered it for the police, `stands_behind` who
    confirmed that. `is_in_part`: there is more, which isn't shown for want of room."""

    at: datetime
    what: str
    title: str
    note: str = ""
    state: str = "done"
    to: str = ""
    subject_id: int = 0
    mail_text: str = field(default="", repr=False)
    page: str = ""
    entered_by: int | None = None
    stands_behind: int | None = None
    is_in_part: bool = False
