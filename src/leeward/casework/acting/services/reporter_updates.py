"""What reporters hear of a case: pushed down to every receipt that follows it."""

from leeward.casework.models import Case, CaseItem
from leeward.casework.rules.coarse import Seen, Shown, coarse_for
from leeward.intake import queries as reports
from leeward.intake import services as intake
from leeward.notices.queries import police_sent_at, told_abroad_at


def seen_of(case: Case) -> Seen:
    """What the coarse state of a case is made from."""
    return Seen(
        state=case.state,
        outcome=case.outcome,
        close_reason=case.close_reason,
        was_removed=case.removed_at is not None,
        was_withdrawn=case.state == "closed" and case.report_count == 0,
        was_assessed=case.first_assessed_at is not None,
        came_back=case.returned,
        appealed=case.appealed,
        police_told=case.police_told_at is not None,
        host_told=case.host_told_at is not None,
        abroad_told=case.place == "abroad" and told_abroad_at(case.pk) is not None,
        decided_at=case.decided_at,
        first_assessed_at=case.first_assessed_at,
        closed_at=case.closed_at,
        police_sent_at=police_sent_at(case.pk),
    )


def tell_reporters(case: Case, item_ids: list[int] | None = None, *, by_person: bool = False) -> None:
    """Show on the receipts of all its items, or of some, what is true of each report; must run in the act's transaction.
    `by_person`: a person has just read what came in."""
    seen = seen_of(case)
    joined = reports.shown_of_items(list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True)))
    is_marked = not any(item.is_urgent for item in joined)  # if it is urgent, a person said so of all of them
    for item in joined:
        if item_ids is None or item.id in item_ids:
            shown = Shown(item.state, item.reason, item.state_changed_at, item.is_urgent or is_marked)
            state, reason = coarse_for(seen, shown, by_person=by_person)
            intake.tell_reporter(item.id, state=state, reason=reason)
