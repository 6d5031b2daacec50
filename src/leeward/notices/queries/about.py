"""Which cases a letter, a mail or a message of the outbox is about, and to which address a message goes now."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from leeward.notices.models import (
    TO_POLICE,
    WITHDRAWN_AFTER_REVIEW,
    InboundMail,
    Message,
    Notice,
    NoticeCase,
    NoticeItem,
    PaymentAlert,
    Referral,
    Reply,
    StaffNote,
)
from leeward.notices.queries.payments import cases_of_alert
from leeward.notices.recipients import police_of
from leeward.people import queries as people_queries
from leeward.people.queries import PortalRow


def cases_of_letter(letter: str, number: int) -> list[int]:
    """Return the cases of the notice (N) or referral (R) with this number, as named in the subject of its message."""
    if letter == "P":
        return cases_of_alert(number)
    if letter == "N":
        return list(NoticeItem.objects.filter(notice_id=number).values_list("case_id", flat=True))
    return _cases_in_mail_of(number)


def notified_cases(case_ids: Collection[int]) -> list[int]:
    """Return of which of these cases anybody outside was to be told."""
    found = NoticeCase.objects.filter(case_id__in=list(case_ids)).order_by("case_id")
    return list(found.values_list("case_id", flat=True))


def is_told_to_stand(case_ids: Collection[int]) -> bool:
    """Return whether anybody outside was told of the decision of one of these cases, or may have been, and not, since, that it is withdrawn.
    An office for child protection was told of no decision, nor were police to whom a report was only passed on."""
    those = NoticeCase.objects.filter(case_id__in=list(case_ids)).exclude(stopped_why=WITHDRAWN_AFTER_REVIEW)
    notices = NoticeItem.objects.filter(items_there(), notice_case=OuterRef("pk"))
    letters = Referral.objects.filter(letters_there(), notice_case=OuterRef("pk"), kind="referral")
    return bool(those.filter(Exists(notices) | Exists(letters)).exists())


def letters_there() -> Q:
    """Return the condition on letters to the police that they have them, or may have."""
    unsure = Message.objects.filter(kind__in=TO_POLICE, state="unsure").values("subject_id")
    return Q(sent_at__isnull=False) | (Q(told_how="") & (Q(pk__in=unsure) | Q(mail_of__in=unsure)))


def items_there() -> Q:
    """Return the condition on addresses of notices that their contacts were told of them, or may have been: a notice that was handed over
    counts as sent before it is known that it arrived."""
    return Q(notice__sent_at__isnull=False) | Q(notice__state="sent")


def never_sent() -> Exists:
    """Return the condition on replies to those who were told that they were never sent, since the case was decided otherwise before."""
    return Exists(Message.objects.filter(kind="reply", state="stopped", subject_id=OuterRef("pk")))


def is_withdrawn(case_id: int) -> bool:
    """Return whether those who were told of a case hear that its decision is withdrawn, and nobody was told of it anew since."""
    return bool(NoticeCase.objects.filter(case_id=case_id, stopped_why=WITHDRAWN_AFTER_REVIEW).exists())


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


def address_now(message: Message) -> str:
    """Return the address to which a message goes if it is sent again: the portal's police of now, or the contact's in the directory,
    which may have been corrected since."""
    if message.kind in TO_POLICE:
        police = police_now(message)
        return police[2] if police else message.to
    if message.kind == "staff":
        note = StaffNote.objects.filter(pk=message.subject_id).select_related("person").first()
        return note.person.email if note else message.to
    found: Notice | PaymentAlert | Referral | Reply | None
    if message.kind == "alert":
        return message.to
    if message.kind == "notice":
        found = Notice.objects.select_related("contact").filter(pk=message.subject_id).first()
    elif message.kind == "payment":
        found = PaymentAlert.objects.select_related("contact").filter(pk=message.subject_id).first()
    elif message.kind == "reply":
        found = Reply.objects.select_related("contact").filter(pk=message.subject_id).first()
    else:
        found = Referral.objects.select_related("contact").filter(pk=message.subject_id).first()
    return found.contact.email if found and found.contact else message.to


def police_now(message: Message) -> tuple[PortalRow, str, str] | None:
    """Return the portal of a message to the police, and their name and address now; None if it is of several portals, or nobody is
    known."""
    its = Referral.objects.filter(Q(pk=message.subject_id) | Q(mail_of=message.subject_id))
    portals = set(its.values_list("portal_id", flat=True))
    if len(portals) != 1:
        return None
    portal = people_queries.portal(portals.pop())
    found = police_of(portal)
    return (portal, *found) if found else None


def _cases_in_mail_of(referral_id: int) -> list[int]:
    """Return the cases of a referral and of those in the same message."""
    found = Referral.objects.filter(Q(pk=referral_id) | Q(mail_of=referral_id)).order_by("pk")
    return list(found.values_list("case_id", flat=True))
