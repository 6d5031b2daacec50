"""That a child-protection office will not say what came of a child: a supervisor's word, with the reason. Without it the case
stays open."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import publish_event
from leeward.notices.errors import OutcomeNeedsWords, ProtectionAnswered, ProtectionNotInformed
from leeward.notices.models import Referral
from leeward.notices.rules.at_risk import NO_ANSWER
from leeward.notices.rules.plain_text import clean
from leeward.notices.services.referrals import MOST_NOTE, add_words
from leeward.people.services import authorize, staff_id

ACT = "referral.give_up"


def give_up_answer(referral_id: int, *, reason: str, actor: Actor) -> None:
    """Record why nobody at the office will say what came of it. The office can still say it later.

    Raises NotFound, NotAllowed, OutcomeNeedsWords, ProtectionAnswered, and ProtectionNotInformed while no office has been told
    about the case: there is nobody then who could answer.
    """
    now, text = datetime.now(UTC), clean(reason)[:MOST_NOTE]
    with hotline_transaction():
        referral = Referral.objects.select_for_update().filter(pk=referral_id, kind="protection").first()
        if referral is None:
            raise NotFound(what=_("referral"))
        authorize(actor, ACT, referral.hotline_id)
        if not text:
            raise OutcomeNeedsWords
        if referral.outcome:
            raise ProtectionAnswered
        informed = Referral.objects.filter(case_id=referral.case_id, kind="protection").exclude(told_how="")
        if not informed.exists():
            raise ProtectionNotInformed
        referral.outcome, referral.outcome_at, referral.outcome_by_id = NO_ANSWER, now, staff_id(actor)
        referral.answered_at, referral.answered_by_id = now, staff_id(actor)
        add_words(referral, text, now)
        referral.save()
        facts = {"case": referral.case_id, "kind": referral.kind, "outcome": NO_ANSWER}
        subject = f"referral:{referral.pk}"
        record("referral.given_up", actor=actor, hotline_id=referral.hotline_id, subject=subject, facts=facts)
        publish_event("referral.settled", subject_id=referral.pk, hotline_id=referral.hotline_id)
