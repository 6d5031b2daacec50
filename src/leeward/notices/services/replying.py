"""Follow-ups to those who were told, after a review: that the finding no longer holds, or that it stays."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM, Actor
from leeward.notices.models import (
    TO_POLICE,
    WITHDRAWN_AFTER_REVIEW,
    Contact,
    NoticeCase,
    NoticeItem,
    Referral,
    Reply,
)
from leeward.notices.queries.about import items_there, letters_there, never_sent
from leeward.notices.services import ladder, outbox, payments
from leeward.notices.services.notice_cases import withdraw
from leeward.notices.services.police_first import WHO_SETTLES
from leeward.notices.services.referring import withdraw_letters
from leeward.notices.services.staff import tell_staff

LETTER_PAGE = "/desk/referrals/{letter}"


def withdraw_after_review(case_id: int, *, actor: Actor = SYSTEM) -> None:
    """Withdraw a case that is no longer illegal: nothing more is sent, and everybody who was ever told, or may have been, hears so once."""
    with hotline_transaction():
        withdraw(case_id, actor=actor, reason=WITHDRAWN_AFTER_REVIEW)
        notice_case = NoticeCase.objects.select_for_update().filter(case_id=case_id).first()
        if notice_case is None:
            return
        ladder.pull_back(notice_case, also_abroad=True, also_names=True)
        notice_case.stopped_why = WITHDRAWN_AFTER_REVIEW  # also where it was stopped before, for another reason
        notice_case.save(update_fields=["stopped_why", "step", "next_at", "abroad_asked"])
        if notice_case.state == "stopped":  # the police are owed nothing: what they don't have yet isn't so
            withdraw_letters(notice_case.referrals.filter(kind__in=TO_POLICE, told_how=""))
        payments.withdraw_of(case_id)
        letters = list(_letters_of(notice_case))
        by_contact = {row.contact_id: row for row in letters if row.contact_id is not None}
        for letter in _informed_by_hand(letters):
            key, path = f"withdrawn:{letter.pk}", LETTER_PAGE.format(letter=letter.pk)
            tell_staff(notice_case.hotline_id, what="police_to_be_told", key=key, path=path, roles=WHO_SETTLES)
        notified = {item.notice.contact_id: item for item in _items_of(notice_case)}
        for contact_id, referral in by_contact.items():
            if not _knows(notice_case, contact_id, referral.sent_at or referral.created_at):
                _say("withdrawn", contact_id, referral=referral)
        for contact_id, item in notified.items():
            if not _knows(notice_case, contact_id, item.notice.sent_at or item.notice.created_at):
                _say("withdrawn", contact_id, item=item)


def _letters_of(notice_case: NoticeCase) -> QuerySet[Referral]:
    """Return the letters to the police that they have, or may have. An office for child protection was told of no assessment: what it was
    told of a child stands."""
    letters: QuerySet[Referral] = notice_case.referrals.filter(letters_there(), kind__in=TO_POLICE)
    return letters.order_by("pk")


def _informed_by_hand(letters: Sequence[Referral]) -> Iterable[Referral]:
    """Return the newest letter to each police that has no address here, whom somebody told of the case otherwise."""
    reached = {row.portal_id for row in letters if row.contact_id is not None}
    return {row.portal_id: row for row in letters if row.portal_id not in reached}.values()


def _items_of(notice_case: NoticeCase) -> QuerySet[NoticeItem]:
    """Return what others were told of it, or may have been."""
    items: QuerySet[NoticeItem] = notice_case.items.select_related("notice")
    return items.filter(items_there()).order_by("pk")


def withdraw_late(
    notice_case: NoticeCase,
    contact_id: int | None,
    since: datetime,
    *,
    item: NoticeItem | None = None,
    referral: Referral | None = None,
) -> None:
    """Tell somebody that a case is withdrawn whom its letter reached only after that, unless they heard it since the letter was handed over;
    in the caller's transaction."""
    if contact_id is None or notice_case.stopped_why != WITHDRAWN_AFTER_REVIEW:
        return
    if not _knows(notice_case, contact_id, since):
        _say("withdrawn", contact_id, item=item, referral=referral)


def _knows(notice_case: NoticeCase, contact_id: int, since: datetime) -> bool:
    """Return whether a contact was told since then that a case is withdrawn, or is about to be. What was never sent, as the case was decided
    otherwise before, doesn't count."""
    about_it = Q(item__notice_case=notice_case) | Q(referral__notice_case=notice_case)
    found = Reply.objects.filter(about_it, what="withdrawn", contact=contact_id, created_at__gte=since)
    return bool(found.exclude(never_sent()).exists())


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
