"""What reporters are told about a case, copied to every receipt that follows it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from leeward.casework.acting.services.owing import going_at_once
from leeward.casework.models import Case, CaseItem
from leeward.casework.rules.coarse import Seen, Shown, coarse_for, done_before
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.intake.queries import ItemRow, ReportRow, ShownItem
from leeward.intake.rules.standing import RECEIVED
from leeward.notices.queries import abroad_informed_at, police_sent_at


def seen_of(case: Case, *, is_new: bool = False) -> Seen:
    """Return what the coarse state of a case is derived from; of one that is being opened (`is_new`) nobody was told."""
    return Seen(
        state=case.state,
        outcome=case.outcome,
        close_reason=case.close_reason,
        was_removed=case.removed_at is not None,
        was_withdrawn=case.state == "closed" and case.report_count == 0,
        was_assessed=case.first_assessed_at is not None,
        came_back=case.returned,
        appealed=case.appealed,
        police_told=case.police_told_at is not None
        or (case.named_with_id is not None and _police_informed_of(case.named_with_id)),
        host_told=case.host_told_at is not None,
        abroad_told=case.place == "abroad" and abroad_informed_at(case.pk) is not None,
        decided_at=case.decided_at,
        first_assessed_at=case.first_assessed_at,
        closed_at=case.closed_at,
        police_sent_at=None
        if is_new
        else _newest(police_sent_at(number) for number in (case.pk, case.named_with_id) if number),
    )


def _police_informed_of(case_id: int) -> bool:
    return Case.objects.filter(pk=case_id, police_told_at__isnull=False).exists()


def _newest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in moments if at is not None), default=None)


def tell_reporters(case: Case, item_ids: list[int] | None = None, *, by_person: bool = False) -> None:
    """Show on the receipts of all or some of its items what is true of each report; must run in the act's transaction.
    `by_person`: a person has just read what came in.
    """
    seen, passed_at = seen_of(case), case.passed_at
    if case.named_with is not None:  # the message about that case names this one too
        passed_at = case.named_with.passed_at or passed_at
    item_of = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
    by_report = {row.id: row for row in intake_queries.reports_of_items(item_of)}
    shown = intake_queries.shown_of_items(item_of if item_ids is None else item_ids)
    _tell(case, seen, by_report, shown, passed_at, by_person=by_person)
    if case.urgent and item_ids is None:
        for beside in Case.objects.filter(named_with=case):
            tell_reporters(beside)


def tell_reporters_of_new(case: Case, report: ReportRow, item: ItemRow) -> None:
    """Do the same for a case that is opened in this transaction, of which there is nothing but this report and item."""
    _tell(case, seen_of(case, is_new=True), {report.id: report}, [item], None)


def _tell(
    case: Case,
    seen: Seen,
    by_report: Mapping[int, ReportRow],
    shown_now: Iterable[ShownItem | ItemRow],
    passed_at: datetime | None,
    *,
    by_person: bool = False,
) -> None:
    is_marked = case.urgent and not any(
        row.urgent for row in by_report.values()
    )  # a person marked the whole case as urgent
    at_once = going_at_once(row for row in by_report.values() if row.urgent) if passed_at is None else set[int]()
    for item in shown_now:
        report = by_report[item.report_id]
        if report.is_own_picture:  # what became of the fingerprints, not of the case
            continue
        is_passed = is_marked or (report.urgent and (passed_at is not None or report.id in at_once))
        came_at = item.state_changed_at if item.state == RECEIVED else report.received_at
        before = done_before(item.done_before)
        shown = Shown(item.state, item.reason, item.state_changed_at, came_at, is_passed, before)
        state, reason = coarse_for(seen, shown, by_person=by_person)
        if (state, reason) != (item.state, item.reason):
            intake_services.tell_reporter(item.id, state=state, reason=reason)
