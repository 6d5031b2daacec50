"""What the desk tells reporters: the state of an item, the result of a review. All in the hotline's scope."""

from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.intake.errors import UnknownReason
from leeward.intake.models import Item, OutsideAppeal, Report, ReviewRequest
from leeward.intake.rules import standing
from leeward.intake.services.marking import appeal_changed, report_changed


def tell_reporter(
    item_id: int, *, state: str, reason: str = "", actor: Actor = SYSTEM, now: datetime | None = None
) -> bool:
    """Show a coarse state and a reason from the table on the receipt that an item belongs to; return False if it showed
    them already.
    """
    if not standing.is_known(state, reason):
        raise UnknownReason(state=state, reason=reason)
    now = now or datetime.now(UTC)
    with hotline_transaction():
        item = Item.objects.select_for_update().get(pk=item_id)
        if (item.state, item.reason) == (state, reason):
            return False
        Item.objects.filter(pk=item_id).update(state=state, reason=reason, state_changed_at=now)
        is_open = Item.objects.filter(report_id=item.report_id).exclude(state=standing.CLOSED).exists()
        Report.objects.filter(pk=item.report_id).update(closed_at=None if is_open else now)
        report_changed(item.report_id, item.hotline_id)
        record(
            "report.told",
            actor=actor,
            hotline_id=item.hotline_id,
            subject=f"report:{item.report_id}",
            facts={"item": item_id, "state": state, "reason": reason},
        )
    return True


def settle_review(review_id: int, *, upheld: bool, reasons: str, actor: Actor, now: datetime | None = None) -> bool:
    """Show on the receipt's page a person's answer to a review, and the reasons. A report can be about several cases:
    one changed decision outweighs those that were kept. Return False if it showed that already.
    """
    with hotline_transaction():
        review = ReviewRequest.objects.select_for_update().get(pk=review_id)
        outcome = _outcome(upheld=upheld)
        if review.outcome in (outcome, "changed"):
            return False
        ReviewRequest.objects.filter(pk=review_id).update(
            settled_at=now or datetime.now(UTC), outcome=outcome, reasons=reasons
        )
        report_changed(review.report_id, review.hotline_id)
        record(
            "report.review_settled",
            actor=actor,
            hotline_id=review.hotline_id,
            subject=f"report:{review.report_id}",
            facts={"review": review_id, "outcome": outcome},
        )
    return True


def settle_appeal(appeal_id: int, *, upheld: bool, reasons: str, actor: Actor, now: datetime | None = None) -> bool:
    """Show on the page of an outside appeal's number a person's answer, and the reasons; return False if it showed that
    already. Until then the page looks the same to every requester, whatever is known here about the address.
    """
    outcome = _outcome(upheld=upheld)
    with hotline_transaction():
        appeal = OutsideAppeal.objects.select_for_update().get(pk=appeal_id)
        if appeal.outcome in (outcome, "changed"):
            return False
        OutsideAppeal.objects.filter(pk=appeal_id).update(
            state="closed", outcome=outcome, reasons=reasons, state_changed_at=now or datetime.now(UTC)
        )
        appeal_changed(appeal_id, appeal.hotline_id)
        record(
            "appeal.told",
            actor=actor,
            hotline_id=appeal.hotline_id,
            subject=f"appeal:{appeal_id}",
            facts={"outcome": outcome},
        )
    return True


def _outcome(*, upheld: bool) -> str:
    return "changed" if upheld else "kept"
