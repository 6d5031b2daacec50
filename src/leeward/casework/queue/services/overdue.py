"""What did not go its way in time from a report to a case in the queue."""

from datetime import datetime

from leeward.casework.assessment.services import known_images
from leeward.casework.models import Case
from leeward.casework.queries import TAKE_IN, reports_without_case
from leeward.casework.queue.services.opening import put_in_queue
from leeward.casework.queue.services.preparing import fetched_more
from leeward.casework.rules.states import LAST_STATES, PREPARING, STATES, Stage
from leeward.hosting import queries as hosting_queries
from leeward.hosting import services as hosting_services
from leeward.intake import queries as intake_queries
from leeward.jobs.services import schedule
from leeward.people.queries import portal
from leeward.people.rules.modes import ASSESS


def rescue(before: datetime) -> int:
    """Put into the queue what was received before a time and could not be prepared since; return how many."""
    stuck = Case.objects.filter(lane=PREPARING.name, received_at__lt=before).values_list("id", "portal_id")
    rows = list(stuck[:200])
    assesses = {number for number in {number for _, number in rows} if portal(number).mode == ASSESS}
    ids = [case_id for case_id, number in rows if number in assesses]
    for case_id in ids:
        put_in_queue(case_id)
    return len(ids)


def open_forgotten(before: datetime) -> int:
    """Take in reports received before a time that have no case and no pending job to open one; return how many."""
    found = reports_without_case(before)
    for report_id in found:
        report = intake_queries.report(report_id)
        schedule(TAKE_IN, subject_id=report_id, hotline_id=report.hotline_id, urgent=report.urgent)
    return len(found)


def catch_up(case_id: int) -> None:
    """Look where the content of a case is, and what is there, if it was put into the queue without that and somebody took it before
    its turn to be prepared came. Idempotent."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None or case.state in LAST_STATES or STATES[case.state].stage is Stage.NEW:
        return
    if hosting_queries.latest_fetch(case.location_id) or hosting_queries.whereabouts(case.location_id).findings:
        return
    hosting_services.locate(case.location_id)
    hosting_services.fetch(case.location_id, on_behalf=f"case:{case_id}", windows=known_images.wants_windows())
    fetched_more(case.location_id)
