"""Which cases a letter, a mail or a message of the outbox is about."""

from django.db.models import Q

from leeward.notices.models import InboundMail, Message, NoticeItem, Referral, Reply
from leeward.notices.queries.payments import cases_of_alert


def cases_of_letter(letter: str, number: int) -> list[int]:
    """Return the cases of the notice (N) or referral (R) with this number, as named in the subject of its message."""
    if letter == "P":
        return cases_of_alert(number)
    if letter == "N":
        return list(NoticeItem.objects.filter(notice_id=number).values_list("case_id", flat=True))
    return _cases_in_mail_of(number)


def case_of_mail(mail_id: int) -> list[int]:
    """Return the cases that a mail is about; empty if it matches nothing."""
    found = InboundMail.objects.select_related("referral").filter(pk=mail_id).first()
    if found is None:
        return []
    if found.payment_alert_id:
        return cases_of_alert(found.payment_alert_id)
    if found.referral:
        return _cases_in_mail_of(found.referral.pk)
    return list(NoticeItem.objects.filter(notice_id=found.notice_id or 0).values_list("case_id", flat=True))


def case_of_message(message_id: int) -> list[int]:
    """Return the cases that a message of the outbox is about."""
    message = Message.objects.filter(pk=message_id).first()
    if message is None or message.kind == "alert":
        return []
    if message.kind == "notice":
        return list(NoticeItem.objects.filter(notice_id=message.subject_id).values_list("case_id", flat=True))
    if message.kind == "payment":
        return cases_of_alert(message.subject_id)
    if message.kind == "staff":
        return []
    if message.kind == "reply":
        found = Reply.objects.select_related("item", "referral").get(pk=message.subject_id)
        return [part.case_id for part in (found.item, found.referral) if part is not None]
    return _cases_in_mail_of(message.subject_id)


def _cases_in_mail_of(referral_id: int) -> list[int]:
    """Return the cases of a referral and of those in the same message."""
    found = Referral.objects.filter(Q(pk=referral_id) | Q(mail_of=referral_id)).order_by("pk")
    return list(found.values_list("case_id", flat=True))
