"""How the places of a report are accessed, in a worker that may have no key to its words."""

from leeward.casework.models import Case, CaseItem
from leeward.casework.queries import REFETCH
from leeward.hosting import services as hosting_services
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ReportRow
from leeward.jobs.services import schedule
from leeward.sealing.errors import WordsLocked

ADD_ACCESS = "casework.add_access"


def note_access(location_id: int, report: ReportRow) -> None:
    """Store how a place is accessed. Without the key a report waits (WordsLocked), and an urgent one doesn't: then that is added
    once there is a key."""
    try:
        hosting_services.add_access(location_id, _access(report))
    except WordsLocked:
        if not report.urgent:
            raise
        schedule(ADD_ACCESS, subject_id=report.id, hotline_id=report.hotline_id)


def add_access(report_id: int) -> None:
    """Store how the places of a report's cases are accessed, and fetch them again, since they were fetched without that. Raises
    WordsLocked."""
    report = intake_queries.report(report_id)
    access = _access(report)
    if not any(access.values()):  # withdrawn meanwhile
        return
    items = [item.id for item in intake_queries.items_of(report_id)]
    for case in Case.objects.filter(pk__in=CaseItem.objects.filter(item_id__in=items).values("case_id")).order_by("pk"):
        hosting_services.add_access(case.location_id, access)
        schedule(REFETCH, subject_id=case.pk, hotline_id=case.hotline_id)


def _access(report: ReportRow) -> dict[str, str]:
    return {"password": report.password, "referrer": report.referrer}
