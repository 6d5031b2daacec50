"""What the police say, entered by one of us: who it was is kept, the police get a letter about it, and where a child may be in danger it
counts only once a second person stands behind it. So nobody alone ends an urgent case with an answer that nobody gave."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import publish_event
from leeward.notices.errors import NothingToConfirm
from leeward.notices.models import Referral, Reply
from leeward.notices.queries.entered import waiting_parts
from leeward.notices.rules.answers import CONFIRMING
from leeward.notices.services import outbox
from leeward.notices.services.staff import tell_staff
from leeward.people.errors import NotSecondPerson
from leeward.people.rules.permissions import ANALYST, POLICE_LIAISON, SUPERVISOR
from leeward.people.services import authorize, demand_second, staff_id

ACT = "referral.confirm"
WHO_CONFIRMS = (ANALYST, SUPERVISOR, POLICE_LIAISON)


def author(actor: Actor, hotline_id: int) -> int | None:
    """Who of us enters an answer: None where the police give it themselves. Raises NotAllowed for anybody else."""
    if actor.kind == "police":
        return None
    authorize(actor, "referral.answer", hotline_id)
    return staff_id(actor)


def tell_of_entry(
    referral: Referral, entered: dict[str, str], now: datetime, *, until: datetime | None, waits: bool
) -> None:
    """Write to the police what was entered as their answer, and to colleagues where it waits for a second person; in the caller's
    transaction. A note alone is no answer, and whom nobody can write to gets no letter."""
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


def confirm_entered(referral_id: int, *, actor: Actor) -> None:
    """Stand behind what somebody else entered as the police's answer, as the second person: from now on it counts.

    Raises NotFound, NotAllowed, NothingToConfirm, and NotSecondPerson where all of it is the actor's own or of an account that could
    be in the same hands.
    """
    with hotline_transaction():
        referral = Referral.objects.select_for_update().filter(pk=referral_id).first()
        if referral is None:
            raise NotFound(what=_("referral"))
        authorize(actor, ACT, referral.hotline_id)
        taken = _take_over(referral, actor)
        referral.save(update_fields=[f"{part}_with" for part in taken])
        facts = {"case": referral.case_id, "kind": referral.kind, "parts": taken, "outcome": referral.outcome}
        subject = f"referral:{referral.pk}"
        record("referral.confirmed", actor=actor, hotline_id=referral.hotline_id, subject=subject, facts=facts)
        publish_event("referral.settled", subject_id=referral.pk, hotline_id=referral.hotline_id)


def _take_over(referral: Referral, actor: Actor) -> list[str]:
    """Put the actor beside whoever entered each part, where they can be the second person; return which parts."""
    waiting, problem, taken = waiting_parts(referral), None, []
    if not waiting:
        raise NothingToConfirm
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
