"""A portal goes to another hotline: its open cases end here, and what was made of them goes with the reports."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from leeward.blocklist.publishing.queries.carriers import carried_of_case
from leeward.casework.acting.services.case_briefs import deciding_assessment, reports_of
from leeward.casework.merging.services.merged import merged_into_it, numbers_merged_into, where_work_goes_on
from leeward.casework.models import Case, CaseItem, PendingAction
from leeward.casework.rules.blindness import SECOND
from leeward.casework.rules.states import LAST_STATES, OPEN_STATES
from leeward.casework.rules.transitions import transition
from leeward.casework.situations import count_reports, police_are_owed
from leeward.casework.steps import let_go, locked_case, note_act, now_utc, take_step
from leeward.foundation.actor import SYSTEM
from leeward.intake import queries as intake_queries
from leeward.intake.services.handing import Known
from leeward.monitoring import services as monitoring_services
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services

LEAVE = "leave"
BEING_DECIDED = ("assessing", SECOND, "decided")
_DONE = {"police_told": "police_told_at", "host_told": "host_told_at", "removed": "removed_at"}


def counts_before_leaving(portal_id: int) -> dict[str, int]:
    """Return how many cases of a portal are open, and how many of them are urgent or still open with the police as such, in
    the seconds or the telling after an act, being decided (`interrupted`), held by the police, waiting for child protection
    or for a second look; a few queries, and some for each that the police or child protection were told of.
    """
    cases = Case.objects.filter(portal_id=portal_id)
    informing = Q(state__in=[state for state in OPEN_STATES if transition(state, LEAVE) is None])
    can_be_undone = Exists(PendingAction.objects.filter(case_id=OuterRef("pk")))
    counts = cases.filter(state__in=OPEN_STATES).aggregate(
        cases=Count("pk"),
        urgent=Count("pk", filter=Q(urgent=True)),
        in_hand=Count("pk", filter=informing | Q(can_be_undone)),
        interrupted=Count("pk", filter=Q(state__in=BEING_DECIDED)),
        held=Count("pk", filter=Q(held_until__isnull=False)),
    )
    informed = cases.filter(state__in=OPEN_STATES, urgent=False, passed_at__isnull=False)
    counts["urgent"] += sum(police_are_owed(case) for case in informed)
    owed = {where_work_goes_on(number) for number in notices_queries.cases_owed_by_protection()}
    counts["protection"] = cases.filter(pk__in=owed, state__in=OPEN_STATES).count()
    return counts | {"appealed": cases.filter(appealed=True).count()}


def leave(portal_id: int, report_ids: Collection[int], *, to_hotline_id: int, is_last: bool) -> dict[int, Known]:
    """End here the work on a portal's reports that go to another hotline, in the caller's transaction; return what was made
    of each of their items. A case with a report of another portal goes on for that one, and one with a report that follows
    later until then. `is_last`: none follows, so that every other case of the portal ends too. Raises WrongTransition.

    Blocks of it stay, and while there is one its place is checked further: they are this hotline's own.
    """
    items = intake_queries.items_in(report_ids)
    case_of = dict(CaseItem.objects.filter(item_id__in=list(items)).values_list("item_id", "case_id"))
    others = Case.objects.filter(portal_id=portal_id, state__in=OPEN_STATES) if is_last else Case.objects.none()
    found: dict[int, Known] = {}
    for case_id in sorted({*case_of.values(), *others.values_list("pk", flat=True)}):
        case = locked_case(case_id)
        known = _known(case)
        found |= {item: known for item, number in case_of.items() if number == case_id}
        if case.state not in LAST_STATES:
            _leave(case, portal_id, report_ids, to_hotline_id)
    return found


def _leave(case: Case, portal_id: int, report_ids: Collection[int], to_hotline_id: int) -> None:
    left = [row for row in reports_of(case) if row.withdrawn_at is None and row.id not in report_ids]
    if left:
        elsewhere = [row.portal_id for row in left if row.portal_id != portal_id]
        if not elsewhere:
            return  # its other reports follow
        if case.portal_id == portal_id:
            case.portal_id = elsewhere[0]
        case.save(update_fields=["portal"])
        note_act("case.left", case, actor=SYSTEM, facts={"to": to_hotline_id, "goes_on": True})
        return
    take_step(case, LEAVE, actor=SYSTEM)
    case.closed_at, case.news_at = now_utc(), None
    let_go(case)
    case.save()
    for one in (case, *merged_into_it(case)):
        notices_services.withdraw(one.pk, reason="handed_over")
        if not carried_of_case(one.pk):
            monitoring_services.stop_watching(one.location_id)
    note_act("case.left", case, actor=SYSTEM, facts={"to": to_hotline_id})


def count_again(report_ids: Collection[int]) -> None:
    """Correct how many reports the cases of these reports have, in the caller's transaction."""
    items = list(intake_queries.items_in(report_ids))
    found = CaseItem.objects.filter(item_id__in=items).values_list("case_id", flat=True)
    for case_id in sorted(set(found)):
        Case.objects.filter(pk=case_id).update(report_count=count_reports(case_id))


def _known(case: Case) -> Known:
    """Return what another hotline may know of a case: facts only where they were decided."""
    facts: dict[str, Any] = {}
    if case.outcome == "illegal" and case.decided_at is not None and not case.is_blind:
        facts = dict(deciding_assessment(case).facts)
    times = {name: getattr(case, column) for name, column in _DONE.items()}
    times["protection_told"] = notices_queries.protection_told_at([case.pk, *numbers_merged_into(case.pk)])
    done = {name: at.isoformat() for name, at in times.items() if at is not None}
    return Known(case.pk, case.reference, case.state, facts, done)
