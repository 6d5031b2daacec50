"""A person gives up a message that got stuck: nothing that depends on it may be forgotten by that."""

from datetime import UTC, datetime

from django.db.models import Q

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.notices.errors import PoliceNotInformed, ProtectionNotInformed
from leeward.notices.models import TO_POLICE, Message, Referral
from leeward.notices.rules.delivery import GIVEN_UP
from leeward.notices.services import away, outbox


def drop(message_id: int, *, actor: Actor, seen: str | None = None) -> None:
    """Give up a stuck message; it leaves the list of those that need a decision. A notice that was still tried ends as one that can't
    be delivered: somebody else is told, or it is a problem of its notice cases until their next step. Raises TriedSince if it stands
    otherwise than was `seen`."""
    now = datetime.now(UTC)
    with hotline_transaction():
        message = outbox.stuck(message_id, actor)
        outbox.demand_seen(message, seen)
        if message.kind in TO_POLICE and _is_waited_for(message):
            raise PoliceNotInformed
        if message.kind == "protect" and _is_protection_owed(message):
            raise ProtectionNotInformed
        was_tried = message.state == "failed"
        message.problem = GIVEN_UP
        outbox.give_up(message, actor)
        if message.kind == "notice" and was_tried:
            away.follow(message, "dead", now)


def _is_waited_for(message: Message) -> bool:
    """Return whether the police don't have what this message says, and something still depends on it."""
    its = Referral.objects.filter(Q(pk=message.subject_id) | Q(mail_of=message.subject_id), told_how="")
    return bool(its.exclude(notice_case__state="stopped").exists())


def _is_protection_owed(message: Message) -> bool:
    """Return whether child protection has neither what this message says nor a later one about the same case."""
    about = Referral.objects.select_related("notice_case").get(pk=message.subject_id)
    since = Referral.objects.filter(case_id=about.case_id, kind="protection", pk__gte=about.pk).exclude(told_how="")
    return about.notice_case.state != "stopped" and not since.exists()
