"""What a reporter adds to a report: the police are told, and work on a finished case begins again where it was urgent."""

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.services import passing
from leeward.casework.acting.services.case_briefs import make_brief
from leeward.casework.acting.services.owing import goes_at_once, moment_for
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.models import Case, CaseItem
from leeward.casework.queue.services.opening import become_urgent, open_again, put_in_queue, urgent_cases
from leeward.casework.rules.states import LAST_STATES
from leeward.casework.steps import locked_case, note_act, now_utc
from leeward.foundation.actor import SYSTEM
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ReportRow
from leeward.notices import services as notices_services
from leeward.oncall import services as oncall_services
from leeward.people.rules.police_moments import AT_ONCE


def pass_on_additions(report_id: int) -> None:
    """Pass on to the police what a reporter added to a report that was passed on."""
    report = intake_queries.report(report_id)
    if report.urgent:
        for case_id in urgent_cases(report_id):
            with hotline_transaction():
                case = locked_case(case_id)
                is_over = case.state in LAST_STATES
                (_begin_anew if is_over else _go_on)(case, report)
            if is_over:
                put_in_queue(case_id)
        return
    items = [item.id for item in intake_queries.items_of(report_id)]
    for case_id in CaseItem.objects.filter(item_id__in=items).values_list("case_id", flat=True).distinct():
        with hotline_transaction():
            case = locked_case(case_id)
            if case.state == "forwarded":
                notices_services.forward_to_police(make_brief(case), more="later")


def _begin_anew(case: Case, report: ReportRow) -> None:
    """Reopen a finished case whose urgent report has more to say: somebody is paged, and the police are told when the
    portal prescribes.
    """
    become_urgent(case, now_utc())
    open_again(case, now_utc())
    case.save()
    note_act("case.urgency_changed", case, actor=SYSTEM, facts={"urgent": True, "report": report.id})
    oncall_services.call_anew(report.id)
    tell_reporters(case)
    if goes_at_once(report):
        passing.tell_at_once(case)


def _go_on(case: Case, report: ReportRow) -> None:
    if not case.urgent:
        return
    if case.not_urgent_by_id is not None:  # whoever said so did not know of this
        case.not_urgent_by = None
        case.save(update_fields=["not_urgent_by"])
    oncall_services.call_anew(report.id)
    if goes_at_once(report) or (case.passed_at is not None and moment_for(case) != AT_ONCE):  # a person passed it on
        passing.tell_more(case)
    elif case.passed_at is not None:
        case.passed_at = None  # a person decides about what is new
        case.save(update_fields=["passed_at"])
