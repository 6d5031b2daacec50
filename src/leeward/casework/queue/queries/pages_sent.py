"""Whether somebody was paged about cases, and who acknowledged: read from the pages of their reports."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from leeward.casework.models import CaseItem
from leeward.oncall.queries import PagedRow, paging_of


class Urgent(Protocol):
    """A case or a row of the queue."""

    @property
    def id(self) -> int: ...

    @property
    def urgent(self) -> bool: ...


def paged_cases(cases: Iterable[Urgent]) -> dict[int, PagedRow]:
    """Return the newest page about each urgent case among these; no query if none is urgent. An open page comes before
    an acknowledged one.
    """
    urgent = [case.id for case in cases if case.urgent]
    if not urgent:
        return {}
    of_case: dict[int, list[int]] = defaultdict(list)
    for case_id, report_id in CaseItem.objects.filter(case_id__in=urgent).values_list("case_id", "item__report_id"):
        of_case[case_id].append(report_id)
    paged = paging_of({one for reports in of_case.values() for one in reports})
    found = {case_id: [paged[one] for one in reports if one in paged] for case_id, reports in of_case.items()}
    return {
        case_id: max(rows, key=lambda row: (row.taken_at is None, row.paged_at))
        for case_id, rows in found.items()
        if rows
    }
