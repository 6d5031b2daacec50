"""Follow-ups to those who were told, after a review: that the finding no longer holds, or that it stays."""

from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM, Actor
from leeward.notices.models import TO_POLICE, WITHDRAWN_AFTER_REVIEW, Contact, NoticeCase, NoticeItem, Referral, Reply
from leeward.notices.services import outbox, payments
from leeward.notices.services.notice_cases import withdraw
from leeward.notices.services.referring import withdraw_letters


def withdraw_after_review(case_id: int, *, actor: Actor = SYSTEM) -> None:
    """Withdraw a case that is no longer illegal: nothing more is sent, and everybody who was ever told hears so once."""
    with hotline_transaction():
        withdraw(case_id, actor=actor, reason=WITHDRAWN_AFTER_REVIEW)
        notice_case = NoticeCase.objects.filter(case_id=case_id).first()
        if notice_case is None:
            return
        if notice_case.stopped_why != WITHDRAWN_AFTER_REVIEW:  # it was stopped before, for another reason
            NoticeCase.objects.filter(pk=notice_case.pk).update(stopped_why=WITHDRAWN_AFTER_REVIEW)
        if notice_case.state == "stopped":  # the police are owed nothing: what they don't have yet isn't so
            withdraw_letters(notice_case.referrals.filter(kind__in=TO_POLICE, told_how=""))
        payments.withdraw_of(case_id)
        # An office for child protection was told of no assessment: what it was told of a child stands.
        referrals = notice_case.referrals.filter(sent_at__isnull=False, kind__in=TO_POLICE).order_by("pk")
        by_contact = {row.contact_id: row for row in referrals if row.contact_id is not None}
        items = notice_case.items.select_related("notice").filter(notice__sent_at__isnull=False).order_by("pk")
        notified = {item.notice.contact_id: item for item in items}
        for contact_id, referral in by_contact.items():
            _say("withdrawn", contact_id, referral=referral)
        for contact_id, item in notified.items():
            _say("withdrawn", contact_id, item=item)


def stand_by(item_id: int, *, reasons: str) -> None:
    """Tell a contact that disagreed that the decision stays, with the reasons. Where the police come first it goes once hosts may be
    told."""
    with hotline_transaction():
        item = NoticeItem.objects.select_related("notice").filter(pk=item_id).first()
        if item is not None:
            _say("kept", item.notice.contact_id, item=item, reasons=reasons)


def _say(
    what: str, contact_id: int, *, item: NoticeItem | None = None, referral: Referral | None = None, reasons: str = ""
) -> None:
    contact, now = Contact.objects.get(pk=contact_id), datetime.now(UTC)
    reply = Reply.objects.create(
        hotline_id=contact.hotline_id,
        what=what,
        contact=contact,
        item=item,
        referral=referral,
        reasons=reasons,
        created_at=now,
    )
    outbox.put("reply", reply.pk, to=contact.email, hotline_id=contact.hotline_id, due_at=now, urgent=False)
