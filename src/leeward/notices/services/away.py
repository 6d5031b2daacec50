"""What follows when a message was sent, may have been sent, or can't be sent: clocks start, contacts are marked, others
are told."""

from datetime import datetime

from leeward.audit.services import record
from leeward.foundation.actor import SYSTEM
from leeward.installation.queries import config_now
from leeward.jobs.services import publish_event
from leeward.notices.models import TO_POLICE, Contact, Message, Notice, NoticeCase, Referral, Reply
from leeward.notices.rules.bounces import Grade, is_bad
from leeward.notices.rules.delivery import GIVEN_UP, URGENT_TRIES, Fate
from leeward.notices.rules.ladder import LADDER_KINDS, next_step_at
from leeward.notices.rules.name_acts import NAME_KINDS
from leeward.notices.services import ladder, measuring, name_acts, outbox, payments, police_first
from leeward.notices.services.replying import withdraw_late
from leeward.notices.services.staff import tell_staff
from leeward.notices.timing import rungs


def follow(message: Message, fate: Fate, now: datetime, *, grade: Grade | None = None) -> None:
    """Do what follows from a message's fate, in the caller's transaction; at the same moment, repeating it changes nothing."""
    if message.kind == "alert":
        return  # it is for our own staff: nothing outside follows, and no case is involved
    if message.kind == "notice":
        _notice_away(message, fate, now, grade=grade)
    elif message.kind == "payment":
        _mark_contact(payments.follow(message.subject_id, fate, now), fate, now, grade=grade)
    elif message.kind == "reply":
        _mark_contact(Reply.objects.get(pk=message.subject_id).contact_id, fate, now, grade=grade)
    elif message.kind != "staff":
        _referral_away(message, fate, now, grade=grade)
    if fate == "dead":
        publish_event("message.died", subject_id=message.pk, hotline_id=message.hotline_id)


def still_fails(message: Message, now: datetime) -> None:
    """Handle a failed attempt. The first one of a letter to the police may close the gate of its cases; if it was the second one for something
    urgent, the desk is informed, which pages people. In the caller's transaction."""
    if message.kind not in TO_POLICE or message.attempts not in (1, URGENT_TRIES):
        return
    for referral in outbox.referrals_in(message):
        if message.attempts == 1:
            police_first.follow_police(referral.notice_case, now)
        if message.attempts == URGENT_TRIES and message.urgent:
            publish_event("referral.failed", subject_id=referral.pk, hotline_id=referral.hotline_id, urgent=True)


def may_have_arrived(message: Message) -> None:
    """Note of a notice that is sent again that its contact may have it, as of one that waits for a person; in the caller's transaction."""
    if message.kind == "notice":
        Notice.objects.filter(pk=message.subject_id, state="waiting").update(state="sent")


def _referral_away(message: Message, fate: Fate, now: datetime, *, grade: Grade | None) -> None:
    """Update the referral that a message is about, and those in the same message: the police's deadline runs only from
    a message that the mail server accepted."""
    key, since = f"{message.pk}:{message.attempts}:{now.isoformat()}", message.sending_since or now
    for referral in outbox.referrals_in(message):
        if referral.kind not in TO_POLICE:
            _protection_away(referral, fate, now)
        elif fate == "sent":
            police_first.note_police_informed(referral, now, how="mail")
            police_first.follow_police(referral.notice_case, now)
            withdraw_late(referral.notice_case, referral.contact_id, since, referral=referral)
        else:
            police_first.note_police_not_informed(referral, fate, now, key=key)
    lead = Referral.objects.get(pk=message.subject_id)
    _mark_contact(lead.contact_id, fate, now, grade=grade)


def _protection_away(referral: Referral, fate: Fate, now: datetime) -> None:
    """Update a child-protection referral; nobody waits for an answer to it. What came back, they don't have."""
    if fate == "sent":
        police_first.note_police_informed(referral, now, how="mail")
    elif referral.told_how == "mail":
        referral.sent_at, referral.told_how = None, ""
        referral.save(update_fields=["sent_at", "told_how"])


def _notice_away(message: Message, fate: Fate, now: datetime, *, grade: Grade | None) -> None:
    notice = Notice.objects.select_for_update().select_related("contact").get(pk=message.subject_id)
    is_first = notice.sent_at is None
    notice.state = "dead" if fate == "dead" else "sent"
    if fate == "sent" and is_first:
        notice.sent_at = now
    notice.save(update_fields=["state", "sent_at"])
    _mark_contact(notice.contact_id, fate, now, grade=grade)
    items = list(notice.items.select_related("notice__contact", "notice_case").order_by("pk"))
    if fate == "sent" and is_first:
        facts = {"kind": notice.kind, "step": notice.step, "cases": [item.case_id for item in items]}
        _record("notice.sent", notice.hotline_id, f"notice:{notice.pk}", facts)
        for item in items:
            publish_event("notice.sent", subject_id=item.pk, hotline_id=item.hotline_id)
            withdraw_late(item.notice_case, notice.contact_id, message.sending_since or now, item=item)
    if fate == "sent" and is_first and notice.kind in NAME_KINDS:
        for item in items:
            name_acts.start_clock(item.pk, now)
    if notice.kind not in LADDER_KINDS:
        return
    if fate == "dead":
        ladder.reroute(items, now=now, problem=GIVEN_UP if message.problem == GIVEN_UP else "no_contact")
        return
    for notice_case in NoticeCase.objects.filter(
        pk__in=[item.notice_case_id for item in items], state="open", next_at=None
    ):
        ladder.go_on(notice_case, next_step_at(now, rungs()))


def _mark_contact(contact_id: int | None, fate: Fate, now: datetime, *, grade: Grade | None) -> None:
    """Count bounces; after too many, the contact is no longer written to automatically."""
    if contact_id is None:
        return
    if fate == "sent":
        measuring.measure_contact(contact_id)
    if fate != "dead" or grade is None:
        return
    contact = Contact.objects.select_for_update().get(pk=contact_id)
    contact.bounces_hard += grade != "soft"
    contact.bounces_soft += grade == "soft"
    counts = {"hard": contact.bounces_hard, "soft": contact.bounces_soft}
    turns_bad = contact.bounced_at is None and is_bad(grade, **counts, most=config_now().bounces_most)
    if turns_bad:
        contact.bounced_at = now
    contact.save(update_fields=["bounces_hard", "bounces_soft", "bounced_at"])
    _record(
        "contact.bounced", contact.hotline_id, f"contact:{contact_id}", {"grade": grade, **counts, "bad": turns_bad}
    )
    if turns_bad:
        tell_staff(
            contact.hotline_id,
            what="contact_bad",
            key=f"contact:{contact_id}:{now.isoformat()}",
            path=f"/desk/contacts/{contact_id}",
            roles=("supervisor", "administrator"),
        )


def _record(event: str, hotline_id: int, subject: str, facts: dict[str, object]) -> None:
    record(event, actor=SYSTEM, hotline_id=hotline_id, subject=subject, facts=facts)
