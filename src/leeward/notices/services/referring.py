"""Writes to our own police, and to child protection: once per round unless more came in, with many urgent referrals
combined in one message a minute."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from leeward.jobs.services import publish_event
from leeward.notices.models import TO_POLICE, Contact, Message, NoticeCase, Referral
from leeward.notices.rules.at_risk import AtRisk, written
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.delivery import URGENT_TRIES
from leeward.notices.services import outbox
from leeward.notices.services.holds import hold_on
from leeward.notices.timing import short

MORE_AFTER = timedelta(hours=1)
# The first urgent message is sent at once; others within this time of it are combined and sent when it is over.
SUM_UP = timedelta(minutes=1)
MOST_IN_ONE = 200


def refer(
    notice_case: NoticeCase,
    brief: CaseBrief,
    contact: Contact | None,
    *,
    more: str = "",
    round_open: bool,
    beside: Collection[int] = (),
) -> Referral:
    """Tell the police about a case, in the caller's transaction; return the referral that says it. `round_open`: they
    were told about it since the notice case was opened; `beside`: cases whose unsent message to the same police it
    joins. Without a contact nothing is sent: what more there is to say waits until it is called again with one."""
    now = datetime.now(UTC)
    kind = "referral" if brief.judged else "forward"
    last = _newest(notice_case) if round_open else None
    if last is not None:
        is_to_go = _renew(last, kind, urgent=brief.urgent, at_once=more == "urgent", now=now)
        if is_to_go or not (more or (kind == "referral" and last.kind == "forward")):
            return last
    due_at = now
    if last is not None and last.sent_at is not None and more == "later":
        due_at = max(now, min(last.sent_at, now) + short(MORE_AFTER))  # the clock may have been ahead when it was sent
    referral = _written(notice_case, brief, contact, kind=kind, now=now)
    if contact is None:
        return referral
    _instead_of_older(referral)
    if brief.urgent and more == "urgent":
        _send_or_sum_up(referral, contact, now)
    elif brief.urgent or not _goes_with(referral, contact, beside):
        outbox.put(
            kind, referral.pk, to=contact.email, hotline_id=notice_case.hotline_id, due_at=due_at, urgent=brief.urgent
        )
    return referral


def refer_to_protection(notice_case: NoticeCase, brief: CaseBrief, contact: Contact, statement: AtRisk) -> Referral:
    """Tell a child-protection office about a child, in the caller's transaction."""
    now = datetime.now(UTC)
    referral = _written(notice_case, brief, contact, kind="protection", now=now)
    referral.statement = written(statement)
    referral.save(update_fields=["statement"])
    outbox.put(
        "protect", referral.pk, to=contact.email, hotline_id=notice_case.hotline_id, due_at=now, urgent=brief.urgent
    )
    return referral


def message_of(referral: Referral) -> Message | None:
    """Return the message of the outbox that carries a referral."""
    kinds = ("protect",) if referral.kind == "protection" else TO_POLICE
    subject = referral.mail_of_id or referral.pk
    found: Message | None = Message.objects.filter(kind__in=kinds, subject_id=subject).first()
    return found


def withdraw_letters(letters: Iterable[Referral], *, also_urgent: bool = False) -> None:
    """Take letters to the police out of their messages where nothing of these left; what else is in them goes. Of what is urgent only
    if `also_urgent`, for a caller that tells it otherwise. In the caller's transaction."""
    for letter in letters:
        letter.refresh_from_db(fields=["mail_of"])  # one that was taken out before may have led it
        message = message_of(letter)
        # A person may send again what could not be delivered.
        is_here = message is not None and (outbox.is_open(message) or message.state == "dead")
        if message is not None and is_here and (also_urgent or not (message.urgent or letter.urgent)):
            _take_out(letter, message)


def _take_out(letter: Referral, message: Message) -> None:
    carried = letter.carried.order_by("pk")
    if (lead := carried.first()) is not None:
        Referral.objects.filter(pk=lead.pk).update(mail_of=None)
        carried.update(mail_of=lead)
        Message.objects.filter(pk=message.pk).update(subject_id=lead.pk, kind=lead.kind)
    elif letter.mail_of_id is None:
        outbox.stop(message)
        return
    Referral.objects.filter(pk=letter.pk).update(mail_of=None)
    outbox.change(message)


def _instead_of_older(referral: Referral) -> None:
    """Withdraw what waits for the same police from before the case was begun anew: the letters of a case all say what is known now."""
    older = Referral.objects.filter(notice_case=referral.notice_case_id, kind__in=TO_POLICE, told_how="")
    older = older.filter(portal=referral.portal_id, round__lt=referral.round)
    if referral.kind == "forward":  # it doesn't say that somebody judged it
        older = older.filter(kind="forward")
    withdraw_letters(older, also_urgent=referral.urgent)


def _newest(notice_case: NoticeCase) -> Referral | None:
    found: Referral | None = (
        Referral.objects.filter(notice_case=notice_case, kind__in=TO_POLICE).order_by("-pk").first()
    )
    return found


def _written(
    notice_case: NoticeCase, brief: CaseBrief, contact: Contact | None, *, kind: str, now: datetime
) -> Referral:
    """Return a new letter, or to the police the one that waited for a contact."""
    values = {
        "case_id": brief.case_id,
        "reference": brief.reference,
        "portal_id": brief.portal_id,
        "contact": contact,
        "kind": kind,
        "urgent": brief.urgent,
        "created_at": now,
        **(hold_on(notice_case) if kind in TO_POLICE else {}),
    }
    newest = _newest(notice_case) if kind in TO_POLICE else None
    if newest is not None and newest.round == notice_case.round and _waits_for_contact(newest):
        Referral.objects.filter(pk=newest.pk).update(**values)
        newest.refresh_from_db()
        return newest
    made: Referral = Referral.objects.create(
        hotline_id=notice_case.hotline_id, notice_case=notice_case, round=notice_case.round, **values
    )
    return made


def _waits_for_contact(referral: Referral) -> bool:
    """Return whether nobody has a letter since there was no contact, and nobody says that they told the police themselves."""
    return referral.contact_id is None and not referral.told_how and referral.told_by_id is None


def _renew(last: Referral, kind: str, *, urgent: bool, at_once: bool, now: datetime) -> bool:
    """Update the newest referral in its message if that is still unsent; return False if it was sent."""
    message = message_of(last)
    if message is None or not outbox.is_open(message):
        return False
    if kind != last.kind:
        Referral.objects.filter(pk=last.pk).update(kind=kind)
        if last.mail_of_id is None:
            Message.objects.filter(pk=message.pk).update(kind=kind)
    if urgent and not message.urgent:
        _page_if_it_fails(last, message)
    is_summed_up = last.mail_of_id is not None or last.carried.exists()
    outbox.renew(message, due_at=now if at_once and not is_summed_up else None, urgent=urgent)
    return True


def _page_if_it_fails(referral: Referral, message: Message) -> None:
    """Page people if the urgent message has failed too often to wait for the next attempt."""
    if message.attempts >= URGENT_TRIES:
        publish_event("referral.failed", subject_id=referral.pk, hotline_id=referral.hotline_id, urgent=True)


def _goes_with(referral: Referral, contact: Contact, beside: Collection[int]) -> bool:
    """Add it to the unsent message about another of these cases, if there is one with room."""
    leads = Referral.objects.filter(contact=contact, case_id__in=beside, urgent=False, mail_of=None, kind=referral.kind)
    for lead in leads.exclude(pk=referral.pk).order_by("pk"):
        message = message_of(lead)
        if message is not None and outbox.is_open(message) and lead.carried.count() < MOST_IN_ONE - 1:
            Referral.objects.filter(pk=referral.pk).update(mail_of=lead)
            outbox.change(message)
            return True
    return False


def _send_or_sum_up(referral: Referral, contact: Contact, now: datetime) -> None:
    """Send at once, or add it to the message that waits for the same police, or to a new one: a minute from now at the
    latest. A message that failed waits as well; a full one is sent now."""
    Contact.objects.select_for_update().get(pk=contact.pk)  # one at a time, so that one message is started, not two
    others = Referral.objects.filter(contact=contact, urgent=True, mail_of=None).exclude(pk=referral.pk)
    newest = others.filter(kind__in=TO_POLICE).order_by("-pk").first()
    message = message_of(newest) if newest is not None else None
    minute = max(short(SUM_UP), outbox.URGENT_LEAST)
    due_at = now
    if newest is not None and message is not None:
        waits = outbox.is_open(message) and message.next_at > now
        is_full = newest.carried.count() >= MOST_IN_ONE - 1
        if waits and not is_full:
            Referral.objects.filter(pk=referral.pk).update(mail_of=newest)
            outbox.renew(message, urgent=True)
            _page_if_it_fails(referral, message)
            return
        if waits:
            outbox.renew(message, due_at=now, urgent=True)
        # Never later than a minute from now: the previous message may have failed, or been dropped while it waited.
        due_at = min(max(now, message.next_at + minute), now + minute)
    outbox.put(referral.kind, referral.pk, to=contact.email, hotline_id=referral.hotline_id, due_at=due_at, urgent=True)
