"""That a child-protection office will not say what came of a child: a supervisor's word, with the reason, without which the case
stays open; and the end of what was written about the child."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import erased, publish_event
from leeward.notices.errors import OutcomeNeedsWords, ProtectionAnswered, ProtectionNotInformed
from leeward.notices.models import InboundMail, Referral, Reply
from leeward.notices.rules.at_risk import NO_ANSWER
from leeward.notices.services.referrals import add_words, words_in
from leeward.people.services import authorize, staff_id
from leeward.sealing.services import forget

ACT = "referral.give_up"
KEPT = timedelta(days=730)
AT_ONCE = 500


def give_up_answer(referral_id: int, *, reason: str, actor: Actor) -> None:
    """Record why nobody at the office will say what came of it. The office can still say it later.

    Raises NotFound, NotAllowed, OutcomeNeedsWords, ProtectionAnswered, and ProtectionNotInformed while no office has been told
    about the case: there is nobody then who could answer.
    """
    now, text = datetime.now(UTC), words_in(reason)
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
        add_words(referral, text, now, by=staff_id(actor))
        referral.save()
        facts = {"case": referral.case_id, "kind": referral.kind, "outcome": NO_ANSWER}
        subject = f"referral:{referral.pk}"
        record("referral.given_up", actor=actor, hotline_id=referral.hotline_id, subject=subject, facts=facts)
        publish_event("referral.settled", subject_id=referral.pk, hotline_id=referral.hotline_id)


def forget_old_statements(now: datetime) -> int:
    """Delete what was written about children to offices, and what these said in words or by mail, two years after it is known
    what came of it; return of how many letters. That one was sent, and the outcome, stay. In the hotline's scope; some at once."""
    with hotline_transaction():
        over = Referral.objects.select_for_update().filter(kind="protection", outcome_at__lt=now - KEPT)
        numbers = list(over.filter(statement__has_key="child").order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        # A mail that came later than the outcome is kept for as long from then on.
        old = InboundMail.objects.filter(referral__in=over.values("pk"), received_at__lt=now - KEPT)
        mails = list(old.exclude(text="", subject="").order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not numbers and not mails:
            return 0
        any_row = numbers[0] if numbers else InboundMail.objects.values_list("referral_id", flat=True).get(pk=mails[0])
        hotline_id = Referral.objects.values_list("hotline_id", flat=True).get(pk=any_row)
        Referral.objects.filter(pk__in=numbers).update(statement={}, note="", note_parts=[])
        Reply.objects.filter(referral__in=numbers).update(entered={})
        forget(InboundMail.objects.filter(pk__in=mails), "text")
        InboundMail.objects.filter(pk__in=mails).update(text="", subject="", documents=[])
        facts = {"letters": len(numbers), "mails": len(mails)}
        record(
            "protection.words_deleted",
            actor=SYSTEM,
            hotline_id=hotline_id,
            subject=f"hotline:{hotline_id}",
            facts=facts,
        )
        erased(Referral)
        erased(InboundMail)
    return len(numbers)
