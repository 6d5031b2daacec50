"""What reporters hear of a case: pushed down to every receipt that follows it."""

from leeward.casework.models import Case, CaseItem
from leeward.casework.rules.coarse import Seen, coarse
from leeward.intake import services as intake
from leeward.notices.queries import told_abroad_at


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
    )


def tell_reporters(case: Case, item_ids: list[int] | None = None) -> None:
    """Show the case's coarse state on the receipts of all its items, or of some; must run in the act's transaction."""
    state, reason = coarse(seen_of(case))
    if item_ids is None:
        item_ids = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
    for item_id in item_ids:
        intake.tell_reporter(item_id, state=state, reason=reason)
