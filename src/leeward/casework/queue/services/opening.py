"""From a report to cases in the queue."""

import logging
from dataclasses import dataclass
from datetime import datetime

from leeward.audit.services import hotline_transaction, record
from leeward.casework import timing
from leeward.casework.acting.rules.plan import CONTENT
from leeward.casework.acting.rules.police import is_one
from leeward.casework.acting.services import passing
from leeward.casework.acting.services.case_briefs import make_brief
from leeward.casework.acting.services.hotline_updates import tell_what_was_done_before
from leeward.casework.acting.services.owing import goes_at_once
from leeward.casework.acting.services.reporter_updates import tell_reporters, tell_reporters_of_new
from leeward.casework.merging.services.merged import where_work_goes_on
from leeward.casework.models import Case, CaseItem
from leeward.casework.queries import TAKE_IN_MORE
from leeward.casework.queue.services import accessing
from leeward.casework.queue.services.apart import is_shared_by_many, own_place, place_apart
from leeward.casework.queue.services.references import next_reference
from leeward.casework.rules.states import LAST_STATES, STATES, Stage
from leeward.casework.situations import count_reports
from leeward.casework.steps import can_step, locked_case, note_act, now_utc, reprioritise, start_over, take_step
from leeward.clocks import queries as clocks_queries
from leeward.foundation.actor import SYSTEM
from leeward.hosting import services as hosting_services
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ItemRow, ReportRow
from leeward.intake.rules.standing import CLOSED
from leeward.intake.services import PEER
from leeward.jobs.services import publish_event, schedule
from leeward.monitoring import queries as monitoring_queries
from leeward.monitoring import services as monitoring_services
from leeward.notices import services as notices_services
from leeward.people.queries import PortalRow, portal
from leeward.people.rules.modes import POST_BOX

PREPARE = "casework.prepare"
# How many items of a report become cases per job, so that other people's pages, letters and reports get a turn in
# between.
A_BITE = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """A report as it was read in the transaction that opened its newest case: its items in the order in which they were named, the
    portal that it came through, whether more of them are left, and whether those wait for their turn."""

    report: ReportRow
    items: list[ItemRow]
    home: PortalRow
    is_more: bool
    is_turn_over: bool


def take_in(report_id: int) -> Taken:
    """Open or join a case for every item of a report: a few now, the rest in batches; return what was read of it. Idempotent."""
    taken = _open_some(report_id)
    if taken.is_more:
        report = taken.report
        is_urgent = report.urgent and not is_one(
            report.urgency
        )  # the urgent case of a report about a child is open by now
        schedule(TAKE_IN_MORE, subject_id=report_id, hotline_id=report.hotline_id, urgent=is_urgent)
    return taken


def open_some_cases(report_id: int) -> bool:
    """Open or join a case for the next few items of a report; return whether more are left. An urgent report about a
    child is one urgent case, opened by itself; whatever else it names comes after that, is named in the same message to
    the police, and has priority over other work.
    """
    return _open_some(report_id).is_more


def _open_some(report_id: int) -> Taken:
    for number in range(1, A_BITE + 1):
        with hotline_transaction():
            taken = _open_next(report_id)
        if not taken.is_more or taken.is_turn_over or number == A_BITE:
            break
    return taken


def _open_next(report_id: int) -> Taken:
    """Open or join a case for the next item of a report, in the caller's transaction: what is read here can't change until it
    ends."""
    report, items = intake_queries.report_with_items(report_id)
    home = portal(report.portal_id)
    opened = dict(CaseItem.objects.filter(item_id__in=[item.id for item in items]).values_list("item_id", "case_id"))
    # What is closed was decided by whoever had it before.
    left = [item for item in items if item.id not in opened and item.state != CLOSED]
    is_one_case = is_one(report.urgency)
    first = next((opened[item.id] for item in items if item.id in opened), None)
    is_first = first is None
    if left:
        if is_one_case and first is not None:
            _take_beside(left[0], report, first, home)
        else:
            _take(left[0], report, home)
        if report.withdrawn_at is not None:  # before there was a case to close
            publish_event("report.withdrawn", subject_id=report_id, hotline_id=report.hotline_id)
    return Taken(report, items, home, is_more=len(left) > 1, is_turn_over=is_one_case and is_first)


def _take(item: ItemRow, report: ReportRow, home: PortalRow) -> None:
    case_id = _join(item, report, home, urgent=report.urgent)
    if report.urgent:  # it doesn't wait for locating and fetching
        put_in_queue(case_id)


def _take_beside(item: ItemRow, report: ReportRow, first: int, home: PortalRow) -> None:
    """Handle another item of an urgent report whose first case is urgent for all of it. What can't be viewed, such as a
    person's number or name, stays with that case, and so does everything if nobody assesses.
    """
    if item.kind not in CONTENT or home.mode == POST_BOX:
        _stay(item, locked_case(where_work_goes_on(first)), report)
    else:
        name_beside(_join(item, report, home, urgent=False), where_work_goes_on(first))


def name_beside(case_id: int, first: int) -> None:
    """Link a case that an urgent report names beside an urgent case: the urgent case's message names it too, and it
    gets priority.
    """
    case, urgent = locked_case(case_id), locked_case(first)
    if case.pk == urgent.pk or case.goes_first or not urgent.urgent:
        return
    case.named_with = urgent
    reprioritise(case)
    case.save(update_fields=["named_with", "priority"])
    timing.keep(case)
    tell_reporters(case)


def _stay(item: ItemRow, case: Case, report: ReportRow) -> None:
    CaseItem.objects.create(hotline_id=report.hotline_id, case=case, item_id=item.id)
    tell_reporters(case, [item.id])
    note_act("case.joined", case, actor=SYSTEM, facts={"report": report.id, "item": item.id})


def urgent_cases(report_id: int) -> list[int]:
    """Return the cases that an urgent report makes urgent: one, however much it names, or each of them if somebody
    marked the report.
    """
    items = [item.id for item in intake_queries.items_of(report_id)]
    found = list(CaseItem.objects.filter(item_id__in=items).order_by("item_id").values_list("case_id", flat=True))
    wanted = found[:1] if is_one(intake_queries.report(report_id).urgency) else found
    return sorted({where_work_goes_on(case_id) for case_id in wanted})


def _join(item: ItemRow, report: ReportRow, home: PortalRow, *, urgent: bool) -> int:
    """Join an item to the case of its location, opening one if there is none; return the case's number."""
    location_id, is_new_place = hosting_services.opened_location(
        hotline_id=report.hotline_id,
        kind=item.kind,
        display=item.display,
        comparable=item.comparable,
        service=item.service,
        alone=own_place(report.id, item.id)
        if is_shared_by_many(item, report, urgent=urgent)
        else place_apart(item, report, home),
    )
    accessing.note_access(location_id, report)
    case = None if is_new_place else Case.objects.select_for_update().filter(location_id=location_id).first()
    facts = {"report": report.id, "item": item.id}
    if case is None:
        opened_at = timing.PortalRules(home, clocks_queries.rules_of(home.id))
        case = _opened(item, location_id, report, opened_at, urgent=urgent)
        tell_reporters_of_new(case, report, item)
        record("case.opened", actor=SYSTEM, hotline_id=case.hotline_id, subject=f"case:{case.pk}", facts=facts)
        timing.keep(case, opened_at=opened_at)
    else:
        if case.merged_into_id is not None:
            case = locked_case(where_work_goes_on(case.pk))
        _add_to(case, item, report, urgent=urgent)
        tell_reporters(case, [item.id])
        note_act("case.joined", case, actor=SYSTEM, facts=facts)
    if report.source == PEER:
        tell_what_was_done_before(case)
    if urgent and goes_at_once(report):
        passing.tell_at_once(case)
    _pass_on_again(case)
    return case.pk


def _add_to(case: Case, item: ItemRow, report: ReportRow, *, urgent: bool) -> None:
    CaseItem.objects.create(hotline_id=report.hotline_id, case=case, item_id=item.id)
    case.report_count = count_reports(case.pk)
    if urgent:
        become_urgent(case, report.received_at)
    if case.state in LAST_STATES and portal(case.portal_id).handed_over_at is not None:
        case.portal_id = report.portal_id
    if STATES[case.state].stage is not Stage.NEW:
        case.news_at = now_utc()
    open_again(case, report.received_at)
    case.save()


def become_urgent(case: Case, at: datetime) -> None:
    """Mark a case as urgent, or record that more urgent material came: what is new was not passed on yet (the caller
    saves).
    """
    case.urgent, case.urgent_since, case.passed_at, case.not_urgent_by = True, at, None, None
    case.marked_by = None
    reprioritise(case)


def _opened(item: ItemRow, location_id: int, report: ReportRow, opened_at: timing.PortalRules, *, urgent: bool) -> Case:
    """Open the case of a location with its first item. Nobody else can be about to: the hotline's turn is ours."""
    reference = next_reference(report.hotline_id, now_utc().year)
    case = new_case(report, location_id, reference, opened_at, urgent=urgent)
    case.save(force_insert=True)
    CaseItem.objects.create(hotline_id=report.hotline_id, case=case, item_id=item.id)
    schedule(PREPARE, subject_id=case.pk, hotline_id=case.hotline_id, urgent=case.urgent)
    return case


def new_case(
    report: ReportRow, location_id: int, reference: str, opened_at: timing.PortalRules, *, urgent: bool
) -> Case:
    """Return the case that a report opens at a location, with its place in the queue (the caller saves)."""
    case = Case(
        hotline_id=report.hotline_id,
        portal_id=report.portal_id,
        location_id=location_id,
        reference=reference,
        urgent=urgent,
        urgent_since=report.received_at if urgent else None,
        language=report.language,
        source=report.source,
        received_at=report.received_at,
        report_count=int(report.withdrawn_at is None),
    )
    reprioritise(case, opened_at.portal, opened_at.rules)
    return case


def raise_urgency(report_id: int) -> None:
    """Make the case of an existing report urgent because the report became urgent. A case not yet opened is opened as
    urgent.
    """
    report = intake_queries.report(report_id)
    for case_id in urgent_cases(report_id):
        with hotline_transaction():
            case = locked_case(case_id)
            if not case.urgent or (case.closed_at is not None and report.received_at > case.closed_at):
                become_urgent(case, now_utc())
                open_again(case, now_utc())
                case.save()
                note_act("case.urgency_changed", case, actor=SYSTEM, facts={"urgent": True, "report": report_id})
                if goes_at_once(report):
                    passing.tell_at_once(case)


def open_again(case: Case, at: datetime) -> None:
    """Handle more reports about a case: a finished one is reopened if that is justified, else watched content is
    checked soon (the caller saves).
    """
    if case.state not in LAST_STATES:
        return
    watch = monitoring_queries.watch_of(case.location_id)
    is_watched = watch is not None and watch.state != "off"
    if can_step(case, "report_again"):
        take_step(case, "report_again", actor=SYSTEM)
        case.received_at, case.first_assessed_at = at, None
        start_over(case)
        schedule(PREPARE, subject_id=case.pk, hotline_id=case.hotline_id, urgent=case.urgent)
    elif is_watched:
        monitoring_services.check_soon(case.location_id)


def put_in_queue(case_id: int) -> None:
    """Move a received case to wait for its first assessment; a case that is further along is unchanged."""
    with hotline_transaction():
        case = locked_case(case_id)
        if can_step(case, "prepare"):
            set_in_queue(case, portal(case.portal_id))


def set_in_queue(case: Case, home: PortalRow) -> None:
    """Do the same with a locked case of this portal that may be moved."""
    take_step(case, "prepare", actor=SYSTEM)
    reprioritise(case, home)
    case.save()
    note_act("case.prepared", case, actor=SYSTEM)


def _pass_on_again(case: Case) -> None:
    """Pass a forwarded case on again, because nobody here reads what comes in about it."""
    if case.state == "forwarded":
        passing.when_opened(case, lambda: notices_services.forward_to_police(make_brief(case), more="later"))
