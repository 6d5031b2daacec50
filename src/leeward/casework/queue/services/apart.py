"""What tells apart places that the same words name."""

from leeward.casework.acting.rules.police import is_one
from leeward.intake.queries import ItemRow, ReportRow
from leeward.intake.rules.own_picture import ME
from leeward.intake.rules.where import IN_WORDS
from leeward.people.queries import PortalRow, portals_of
from leeward.people.rules.modes import POST_BOX


def is_shared_by_many(item: ItemRow, report: ReportRow, *, urgent: bool) -> bool:
    """Return whether a place says too little for two reports of it to be about the same thing: words such as “at home”,
    and the front page of a site where a report is urgent because of one child.
    """
    is_front_page = item.kind == "url" and item.comparable.partition("/")[2] == ""
    return item.kind in IN_WORDS or (urgent and is_one(report.urgency) and is_front_page)


def own_place(report_id: int, item_id: int) -> str:
    """Return what tells apart a place that only this report means."""
    return f"report:{report_id}:{item_id}"


def place_apart(item: ItemRow, report: ReportRow, own: PortalRow) -> str:
    """Return what keeps a place apart from the same one as others report it, so that each hears what was promised: it came
    through a portal which only forwards, where another of the hotline assesses; or the police are not told."""
    if report.is_quiet and report.kind == ME:
        return f"quiet:{item.comparable}"
    if own.mode != POST_BOX or all(row.mode == POST_BOX for row in portals_of(report.hotline_id, with_records=False)):
        return ""
    return f"portal:{own.id}:{item.comparable}"


def split_place(item_id: int) -> str:
    """Return the same for what was split out of another case."""
    return f"split:{item_id}"
