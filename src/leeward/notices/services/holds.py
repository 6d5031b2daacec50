"""A hold of the police is of the case, not of the letter that they answered: every letter to them about it has the hold, those that are
written later, too. So whichever letter counts, the host is told only once they release the notice or the hold is over. What is told of
the same address by other cases waits for that as well (`going_on.holders_of`). Where a case went to another country's portal, the police
there have no say over a hold of those before them: it lasts beside their answer."""

from datetime import datetime
from typing import Any

from leeward.notices.going_on import FIELDS, standing_of
from leeward.notices.models import TO_POLICE, NoticeCase, Referral
from leeward.notices.rules.answers import FREE, Standing, when_hold_ends_elsewhere
from leeward.notices.services.police_first import follow_beside
from leeward.notices.timing import police_wait


def share(referral: Referral, before: Standing, after: Standing, now: datetime) -> None:
    """Let every other letter to the police about a case have what became of the hold on this one, which is stored, and let other cases
    about the same address follow. What our staff entered as a release and nobody confirmed counts no more: what was said last does. In
    the caller's transaction."""
    is_of_hold = "held" in (before.state, after.state)
    lets_go = after.state in FREE  # a hold may have been lost (`going_on.may_be_held`)
    if referral.kind not in TO_POLICE or not (is_of_hold or lets_go):
        return
    if is_of_hold:
        _share(referral, after, now)
    follow_beside(referral.notice_case, now)


def _share(referral: Referral, after: Standing, now: datetime) -> None:
    of_case = Referral.objects.filter(notice_case_id=referral.notice_case_id, kind__in=TO_POLICE)
    others = of_case.filter(portal__country=referral.portal.country).exclude(pk=referral.pk)
    if after.state == "held":
        nobody_released = {"released_by": None, "released_with": None}
        others.update(state="held", hold_until=after.hold_until, held_since=after.held_since, **nobody_released)
        return
    for other in others.filter(state="held"):
        is_known = other.acknowledged_at is not None
        ended = when_hold_ends_elsewhere(standing_of(other), after, now, is_known=is_known, wait=police_wait())
        for name in FIELDS:
            setattr(other, name, getattr(ended, name))
        other.save(update_fields=list(FIELDS))


def hold_on(notice_case: NoticeCase) -> dict[str, Any]:
    """Return the hold that a new letter to the police of its country about this case has from the start, as values of a referral; nothing
    where there is none."""
    theirs = notice_case.referrals.filter(kind__in=TO_POLICE, portal__country=notice_case.portal.country)
    held = theirs.filter(state="held").order_by("-pk").first()
    return {"state": "held", "hold_until": held.hold_until, "held_since": held.held_since} if held is not None else {}
