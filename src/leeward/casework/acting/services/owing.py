"""How an urgent case stands with the police, read from the database."""

from collections.abc import Iterable, Sequence

from leeward.casework.acting.rules.police import Urgent, moment_of
from leeward.casework.acting.services.case_briefs import is_police_wished, is_quiet, reports_of, urgencies_of
from leeward.casework.merging.services.merged import numbers_merged_into
from leeward.casework.models import Case
from leeward.intake.queries import ReportRow
from leeward.notices.queries import PoliceStanding, police_standing
from leeward.people.queries import PortalRow, portal
from leeward.people.rules.modes import POST_BOX
from leeward.people.rules.police_moments import AT_ONCE


def urgent_of(case: Case, standing: PoliceStanding | None = None) -> Urgent:
    """Return an urgent case as the rules about the police expect it; four queries."""
    standing = standing or standing_of(case)
    return Urgent(
        moment=moment_for(case),
        is_judged=case.outcome == "illegal",
        is_passed=case.passed_at is not None,
        is_made=standing.is_made,
        is_settled=standing.is_settled,
    )


def moment_for(case: Case, reports: Sequence[ReportRow] | None = None) -> str:
    """Return when the police of the case's portal are told about it; `reports` are its own, if they are read already."""
    row = portal(case.portal_id)
    reports = reports_of(case) if reports is None else reports
    return moment_of(
        urgencies_of(reports),
        on_danger=row.police_on_danger,
        on_urgent=row.police_on_urgent,
        is_post_box=row.mode == POST_BOX,
        is_quiet=is_quiet(case, reports),
        is_wished=is_police_wished(reports),
    )


def standing_of(case: Case) -> PoliceStanding:
    """Return how a case and those merged into it stand with the police; two queries."""
    return police_standing([case.pk, *numbers_merged_into(case.pk)])


def goes_at_once(report: ReportRow) -> bool:
    """Return whether the report's portal tells the police of such a report without waiting for anybody here."""
    return bool(going_at_once([report]))


def going_at_once(reports: Iterable[ReportRow]) -> set[int]:
    """Return the numbers of the reports of which this is so; one query for each portal that they came through."""
    left = [report for report in reports if not report.is_quiet and report.withdrawn_at is None]
    rows = {number: portal(number) for number in {report.portal_id for report in left}}
    return {report.id for report in left if _goes_at_once(report, rows[report.portal_id])}


def _goes_at_once(report: ReportRow, row: PortalRow) -> bool:
    is_post_box = row.mode == POST_BOX
    if not (report.urgent or is_post_box):
        return False
    moment = moment_of(
        [report.urgency],
        on_danger=row.police_on_danger,
        on_urgent=row.police_on_urgent,
        is_post_box=is_post_box,
        is_quiet=False,
        is_wished=report.is_own_picture,
    )
    return moment == AT_ONCE
