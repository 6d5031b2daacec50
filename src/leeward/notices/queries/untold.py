"""Matters whose police don't have the case."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from leeward.notices.models import TO_POLICE, Matter, Message, Referral
from leeward.notices.queries.lists import OutboxRow, outbox_row
from leeward.notices.queries.words import problem_word
from leeward.notices.rules.delivery import URGENT_DELAY, URGENT_TRIES
from leeward.notices.rules.police_first import PROBLEMS
from leeward.notices.timing import mail_server
from leeward.notices.whom import police_of
from leeward.people.queries import portal


@dataclass(frozen=True, slots=True)
class Untold:
    """One case in a list of those whose police don't have it."""

    matter_id: int
    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class UntoldPage:
    """A case whose police may not have it: why, the message that got stuck, and whom it would go to now. `is_settled` where they
    have it by now, or nobody is to be told any more."""

    matter_id: int
    reference: str
    is_settled: bool
    why: str
    message: OutboxRow | None
    goes_to: str

    @property
    def may_send(self) -> bool:
        """Whether there is something to send, and somebody to send it to."""
        is_stuck = self.message is None or self.message.state in ("unsure", "dead", "failed")
        return bool(self.goes_to) and is_stuck


def untold(most: int = 200) -> list[Untold]:
    """Cases whose police could not be told, the oldest first."""
    found = Matter.objects.filter(state="untold", problem__in=PROBLEMS).order_by("pk")[:most]
    return [Untold(matter.pk, matter.brief["reference"], problem_word(matter.problem)) for matter in found]


def urgent_untold(now: datetime) -> int:
    """How many urgent cases of this hotline the police don't have although they should: nobody is there to write to, two tries
    failed, a person has to decide about the message, or it has been due for a minute (at once where no mail server is set)."""
    nobody = Matter.objects.filter(state="untold", problem="no_police_contact", brief__urgent=True)
    late = now - URGENT_DELAY if mail_server() else now
    stuck = Q(attempts__gte=URGENT_TRIES) | Q(state__in=("unsure", "dead")) | Q(next_at__lte=late)
    messages = Message.objects.filter(stuck, kind__in=TO_POLICE, urgent=True).exclude(state__in=("sent", "stopped"))
    about = messages.values("subject_id")
    told_since = Referral.objects.filter(
        matter=OuterRef("matter"), kind__in=TO_POLICE, pk__gt=OuterRef("pk"), sent_at__isnull=False
    )
    waits = Referral.objects.filter(Q(pk__in=about) | Q(mail_of__in=about), told_how="")
    waits = waits.exclude(matter__state="stopped").exclude(Exists(told_since))
    return Matter.objects.filter(Q(pk__in=nobody.values("pk")) | Q(pk__in=waits.values("matter_id"))).count()


def untold_page(matter_id: int) -> UntoldPage | None:
    """What the page shows on which a person settles it; None where there is no such matter here."""
    matter = Matter.objects.filter(pk=matter_id).first()
    if matter is None:
        return None
    to_police = matter.referrals.filter(kind__in=TO_POLICE, created_at__gte=matter.started_at)
    newest = to_police.order_by("-pk").first()
    subject = (newest.mail_of_id or newest.pk) if newest else 0
    message = Message.objects.filter(kind__in=TO_POLICE, subject_id=subject).first()
    police = police_of(portal(matter.portal_id))
    return UntoldPage(
        matter_id=matter.pk,
        reference=matter.brief["reference"],
        is_settled=matter.state != "untold",
        why=problem_word(matter.problem) if matter.problem in PROBLEMS else "",
        message=outbox_row(message) if message else None,
        goes_to=police[1] if police else "",
    )
