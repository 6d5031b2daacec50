"""Answers of the police, or the fact that they were told at all, entered by staff. The person is recorded, the police
get a letter about an answer, and if a child may be in danger it counts only once a second person confirms it. So nobody
alone can end an urgent case, or the alarm that the police could not be told about it, or have the host told before the
police wanted that, by claiming a call that never happened."""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import cancel, publish_event
from leeward.notices.errors import NothingToConfirm
from leeward.notices.going_on import FIELDS, standing_of
from leeward.notices.models import NoticeCase, Referral, Reply
from leeward.notices.queries.entered import mark_of_waiting, waiting_parts
from leeward.notices.rules.answers import CONFIRMING, released
from leeward.notices.rules.police_first import REFERRAL_TIME
from leeward.notices.services import holds, outbox
from leeward.notices.services.police_first import follow_police, note_police_informed
from leeward.notices.services.referring import message_of
from leeward.notices.services.staff import tell_staff
from leeward.people.errors import NotSecondPerson
from leeward.people.rules.permissions import ANALYST, POLICE_LIAISON, SUPERVISOR
from leeward.people.services import authorize, demand_read, demand_second, staff_id

ACT = "referral.confirm"
WHO_CONFIRMS = (ANALYST, SUPERVISOR, POLICE_LIAISON)


def author(actor: Actor, hotline_id: int) -> int | None:
    """Return the member of staff who enters an answer, or None if the police give it themselves. Raises NotAllowed for
    anybody else."""
    if actor.kind == "police":
        return None
    authorize(actor, "referral.answer", hotline_id)
    return staff_id(actor)


def tell_of_entry(
    referral: Referral, entered: dict[str, str], now: datetime, *, until: datetime | None, waits: bool
) -> None:
    """Write to the police what was entered as their answer, and to colleagues if it waits for a second person; in the
    caller's transaction. A note alone is not an answer, and without an address there is no letter."""
    if entered["act"] not in CONFIRMING:
        return
    if referral.contact is not None:
        day = until.isoformat() if entered["act"] == "hold" and until else ""
        reply = Reply.objects.create(
            hotline_id=referral.hotline_id,
            what="recorded",
            contact=referral.contact,
            referral=referral,
            entered={**entered, "until": day, "waits": waits},
            created_at=now,
        )
        to, urgent = referral.contact.email, referral.urgent
        outbox.put("reply", reply.pk, to=to, hotline_id=referral.hotline_id, due_at=now, urgent=urgent)
    if waits:
        path = reverse("notices_desk:confirm-referral", args=[referral.pk])
        key = f"answer entered {referral.pk} {now.isoformat()}"
        tell_staff(referral.hotline_id, what="answer_entered", key=key, path=path, roles=WHO_CONFIRMS)


def claim_informed(referral: Referral, actor: Actor, now: datetime) -> None:
    """Record that a member of staff claims to have told the police, in the caller's transaction. It has no effect until
    a second person confirms it: the message to them and the alarm stay. The second person is checked against whoever
    claimed it last."""
    referral.told_by_id, referral.told_with_id = staff_id(actor), None
    referral.save(update_fields=["told_by", "told_with"])
    facts = {"case": referral.case_id, "kind": referral.kind}
    subject = f"referral:{referral.pk}"
    record("referral.said_told", actor=actor, hotline_id=referral.hotline_id, subject=subject, facts=facts)
    path = reverse("notices_desk:confirm-referral", args=[referral.pk])
    key = f"told entered {referral.pk} {now.isoformat()}"
    tell_staff(referral.hotline_id, what="told_entered", key=key, path=path, roles=WHO_CONFIRMS)


def count_as_informed(referral: Referral, now: datetime, *, actor: Actor) -> None:
    """Treat the police as told, on the word of our staff, in the caller's transaction. A stuck message no longer needs
    a decision once everything in it is settled; one that is still waiting is sent anyway."""
    by = referral.told_by_id
    note_police_informed(referral, now, how="person", actor=actor)
    if by is not None:
        referral.told_by_id = by
        referral.save(update_fields=["told_by"])
    message = message_of(referral)
    if (
        message is not None
        and message.state in outbox.STUCK
        and all(one.told_how for one in outbox.referrals_in(message))
    ):
        outbox.give_up(message, actor)


def confirm_entered(referral_id: int, *, seen: str, actor: Actor) -> None:
    """Confirm, as the second person, what somebody else entered as the police's answer: from now on it counts.
    `seen`: the mark of what that person has read (`mark_of_waiting`).

    Raises NotFound, NotAllowed, NothingToConfirm, EnteredSince, and NotSecondPerson if all of it was entered by the actor or by an
    account that could be in the same hands.
    """
    with hotline_transaction():
        referral = Referral.objects.select_for_update().filter(pk=referral_id).first()
        if referral is None:
            raise NotFound(what=_("referral"))
        authorize(actor, ACT, referral.hotline_id)
        taken = _take_over(referral, actor, seen=seen)
        referral.save(update_fields=[f"{part}_with" for part in taken])
        now = datetime.now(UTC)
        if "told" in taken:
            count_as_informed(referral, now, actor=actor)
        if "released" in taken:
            _release(referral, now)
        if {"told", "released"} & set(taken):
            follow_police(NoticeCase.objects.select_for_update().get(pk=referral.notice_case_id), now)
        facts = {"case": referral.case_id, "kind": referral.kind, "parts": taken, "outcome": referral.outcome}
        subject = f"referral:{referral.pk}"
        record("referral.confirmed", actor=actor, hotline_id=referral.hotline_id, subject=subject, facts=facts)
        publish_event("referral.settled", subject_id=referral.pk, hotline_id=referral.hotline_id)


def _release(referral: Referral, now: datetime) -> None:
    """Let the host be told, as far as the police are concerned, in the caller's transaction."""
    before = standing_of(referral)
    after = released(before)
    for name in FIELDS:
        setattr(referral, name, getattr(after, name))
    referral.decided_at, referral.decided_by_id = now, referral.released_by_id
    referral.save(update_fields=[*FIELDS, "decided_at", "decided_by"])
    holds.share(referral, before, after, now)
    cancel(REFERRAL_TIME, subject_id=referral.pk, hotline_id=referral.hotline_id)
    publish_event("referral.released", subject_id=referral.pk, hotline_id=referral.hotline_id)


def _take_over(referral: Referral, actor: Actor, *, seen: str) -> list[str]:
    """Record the actor as second person for each part that they can confirm; return which parts."""
    waiting, problem, taken = waiting_parts(referral), None, []
    if not waiting:
        raise NothingToConfirm
    demand_read(mark_of_waiting(referral), seen=seen)
    for part in waiting:
        try:
            demand_second(actor, {getattr(referral, f"{part}_by_id")}, act=ACT)
        except NotSecondPerson as error:
            problem = error
        else:
            setattr(referral, f"{part}_with_id", staff_id(actor))
            taken.append(part)
    if problem is not None and not taken:
        raise problem
    return taken
