"""A person settles a matter whose police could not be told: they were told otherwise, or are to be told again."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import turn
from leeward.ground.actor import Actor
from leeward.ground.errors import NotAllowed, NotFound
from leeward.notices.errors import HowNeedsWords, NothingToSettle
from leeward.notices.models import Matter, Referral
from leeward.notices.rules.briefs import read
from leeward.notices.rules.plain_text import clean
from leeward.notices.services import matters, outbox
from leeward.notices.services.police_first import follow_police, newest_referral, told
from leeward.notices.services.referrals import MOST_NOTE
from leeward.notices.services.referring import message_of
from leeward.people.rules.permissions import may


def police_told_otherwise(matter_id: int, *, note: str, actor: Actor) -> None:
    """A person told the police by other means, and says how: their time to answer runs from now."""
    words, now = clean(note)[:MOST_NOTE].strip(), datetime.now(UTC)
    if not words:
        raise HowNeedsWords
    with turn():
        matter = _untold(matter_id, actor)
        referral = newest_referral(matter) or _without_mail(matter, now)
        stamp = f"{now:%Y-%m-%d %H:%M} UTC"
        referral.note = f"{referral.note}\n\n{stamp}: {words}".strip()[: 5 * MOST_NOTE]
        referral.save(update_fields=["note"])
        told(referral, now, how="person", actor=actor)
        _give_up(referral, actor)
        follow_police(matter, now)


def tell_police_again(matter_id: int, *, actor: Actor) -> None:
    """Send the referral once more, to the police as the portal has them now; where it had nobody, look again."""
    now = datetime.now(UTC)
    with turn():
        matter = _untold(matter_id, actor)
        referral = newest_referral(matter)
        if referral is None:
            if matters.refer_again(matter) is None:
                raise NothingToSettle
            return
        message = message_of(referral)
        if message is None or message.state not in (*outbox.STUCK, "failed"):
            raise NothingToSettle
        outbox.send_again(message, actor=actor, now=now)


def _untold(matter_id: int, actor: Actor) -> Matter:
    matter = Matter.objects.select_for_update().filter(pk=matter_id).first()
    if matter is None:
        raise NotFound(what=_("case"))
    decision = may(actor, "referral.answer", matter.hotline_id)
    if not decision:
        raise NotAllowed(reason=decision.reason)
    if matter.state != "untold":
        raise NothingToSettle
    return matter


def _without_mail(matter: Matter, now: datetime) -> Referral:
    """What the police were told by a person where there was no address to write to."""
    brief = read(matter.brief)
    made: Referral = Referral.objects.create(
        hotline_id=matter.hotline_id,
        matter=matter,
        case_id=matter.case_id,
        reference=brief.reference,
        portal_id=matter.portal_id,
        kind="referral" if brief.judged else "forward",
        urgent=brief.urgent,
        created_at=now,
    )
    return made


def _give_up(referral: Referral, actor: Actor) -> None:
    """A message that got stuck needs no decision any more once nothing in it waits; one that is still to go goes all the same."""
    message = message_of(referral)
    if (
        message is not None
        and message.state in outbox.STUCK
        and all(one.told_how for one in outbox.referrals_in(message))
    ):
        outbox.give_up(message, actor)
