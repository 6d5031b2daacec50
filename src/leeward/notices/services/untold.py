"""A person settles a notice case whose police could not be told: they were told by other means, or are to be told again."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.notices.errors import HowNeedsWords, NothingToSettle
from leeward.notices.going_on import newest_referral
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.queries.entered import takes_two
from leeward.notices.rules.briefs import read
from leeward.notices.services import by_hand, notice_cases, outbox
from leeward.notices.services.holds import hold_on
from leeward.notices.services.police_first import follow_police
from leeward.notices.services.referrals import add_words, words_in
from leeward.notices.services.referring import message_of
from leeward.people.services import authorize, staff_id


def enter_police_informed(notice_case_id: int, *, note: str, actor: Actor) -> bool:
    """Record that a person told the police by other means, and how: the police's deadline runs from now, or in an
    urgent case from when a second person confirms it. Return whether it waits for one."""
    reason, now = words_in(note), datetime.now(UTC)
    if not reason:
        raise HowNeedsWords
    with hotline_transaction():
        notice_case = _untold(notice_case_id, actor)
        referral = newest_referral(notice_case) or _without_mail(notice_case, now)
        add_words(referral, reason, now, by=staff_id(actor))
        referral.save(update_fields=["note", "note_parts"])
        if takes_two(referral):
            by_hand.claim_informed(referral, actor, now)
            return True
        by_hand.count_as_informed(referral, now, actor=actor)
        follow_police(notice_case, now)
        return False


def tell_police_again(notice_case_id: int, *, actor: Actor, seen: str | None = None) -> None:
    """Send the referral once more, to the portal's current police; if it had no recipient, look again. Raises TriedSince if the message stands
    otherwise than was `seen`."""
    now = datetime.now(UTC)
    with hotline_transaction():
        notice_case = _untold(notice_case_id, actor)
        referral = newest_referral(notice_case)
        if referral is None or referral.contact_id is None:
            if notice_cases.refer_again(notice_case) is None:
                raise NothingToSettle
            return
        message = message_of(referral)
        if message is None or message.state not in (*outbox.STUCK, "failed"):
            raise NothingToSettle
        outbox.demand_seen(message, seen)
        outbox.send_again(message, actor=actor, now=now)


def _untold(notice_case_id: int, actor: Actor) -> NoticeCase:
    notice_case = NoticeCase.objects.select_for_update().filter(pk=notice_case_id).first()
    if notice_case is None:
        raise NotFound(what=_("case"))
    authorize(actor, "referral.answer", notice_case.hotline_id)
    if notice_case.state != "untold":
        raise NothingToSettle
    return notice_case


def _without_mail(notice_case: NoticeCase, now: datetime) -> Referral:
    """Record what a person told the police when there was no address to write to."""
    brief = read(notice_case.brief)
    made: Referral = Referral.objects.create(
        hotline_id=notice_case.hotline_id,
        notice_case=notice_case,
        round=notice_case.round,
        case_id=notice_case.case_id,
        reference=brief.reference,
        portal_id=notice_case.portal_id,
        kind="referral" if brief.judged else "forward",
        urgent=brief.urgent,
        created_at=now,
        **hold_on(notice_case),
    )
    return made
