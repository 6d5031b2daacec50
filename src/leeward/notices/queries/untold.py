"""Cases that the police don't have."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from leeward.notices.models import TO_POLICE, Message, NoticeCase, Referral
from leeward.notices.queries.entered import waiting_parts
from leeward.notices.queries.labels import problem_word
from leeward.notices.queries.lists import OutboxRow, outbox_row
from leeward.notices.recipients import police_of
from leeward.notices.rules.delivery import URGENT_DELAY, URGENT_TRIES
from leeward.notices.rules.police_first import PROBLEMS
from leeward.notices.timing import mail_server
from leeward.people.queries import portal

LATE = timedelta(hours=4)
NEWEST = 5000  # letters; one that is older than so many others was missed long ago


@dataclass(frozen=True, slots=True)
class Untold:
    """One case in the list of those that the police don't have."""

    notice_case_id: int
    reference: str
    why: str


@dataclass(frozen=True, slots=True)
class UntoldPage:
    """A case that the police may not have: why, the message that got stuck, and to whom it would go now. `is_settled`
    if they have it by now, or nobody is to be told any more; `confirms` is the referral for which a member of staff
    claims that they were told, which waits for a second person (0: none)."""

    notice_case_id: int
    reference: str
    is_settled: bool
    why: str
    message: OutboxRow | None
    goes_to: str
    confirms: int

    @property
    def may_send(self) -> bool:
        """Return whether there is something to send and somebody to send it to."""
        is_stuck = self.message is None or self.message.state in ("unsure", "dead", "failed")
        return bool(self.goes_to) and is_stuck


def untold(most: int = 200) -> list[Untold]:
    """Return cases whose police could not be told, oldest first."""
    found = NoticeCase.objects.filter(state="untold", problem__in=PROBLEMS).order_by("pk")[:most]
    return [
        Untold(notice_case.pk, notice_case.brief["reference"], problem_word(notice_case.problem))
        for notice_case in found
    ]


def urgent_untold(now: datetime) -> int:
    """Return how many urgent cases of this hotline the police don't have although they should: there is no recipient,
    two attempts failed, a person has to decide about the message, it has been due for a minute (immediately if no
    mail server is configured), or there is no message at all, since its row was lost."""
    nobody = NoticeCase.objects.filter(state="untold", problem="no_police_contact", brief__urgent=True)
    late = now - URGENT_DELAY if mail_server() else now
    stuck = Q(attempts__gte=URGENT_TRIES) | Q(state__in=("unsure", "dead")) | Q(next_at__lte=late)
    messages = Message.objects.filter(stuck, kind__in=TO_POLICE, urgent=True).exclude(state__in=("sent", "stopped"))
    about = messages.values("subject_id")
    informed_since = Referral.objects.filter(
        notice_case=OuterRef("notice_case"), kind__in=TO_POLICE, pk__gt=OuterRef("pk"), sent_at__isnull=False
    )
    waits = Referral.objects.filter(Q(pk__in=about) | Q(mail_of__in=about) | _without_message(late), told_how="")
    waits = waits.exclude(notice_case__state="stopped").exclude(Exists(informed_since))
    return NoticeCase.objects.filter(Q(pk__in=nobody.values("pk")) | Q(pk__in=waits.values("notice_case_id"))).count()


def _without_message(late: datetime) -> Q:
    """Return the condition on urgent letters that wait and have no message that would carry them, of the newest ones."""
    newest = Referral.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    carried = Message.objects.filter(kind__in=TO_POLICE, subject_id=Coalesce(OuterRef("mail_of"), OuterRef("pk")))
    unsent = Q(state="waiting", sent_at=None, urgent=True, created_at__lte=late, kind__in=TO_POLICE)
    return Q(unsent, ~Exists(carried), pk__gt=newest - NEWEST)


def police_late(now: datetime) -> int:
    """Return how many letters of this hotline to the police could not be delivered for hours, of those that are not urgent. Each is
    tried for days, and nobody else is told meanwhile."""
    late = Message.objects.filter(
        first_try_at__lte=now - LATE, state__in=("waiting", "failed"), kind__in=TO_POLICE, urgent=False
    )
    return late.count()


def untold_page(notice_case_id: int) -> UntoldPage | None:
    """Return the data of the page on which a person settles such a case; None if there is no such notice case here."""
    notice_case = NoticeCase.objects.filter(pk=notice_case_id).first()
    if notice_case is None:
        return None
    to_police = notice_case.referrals.filter(kind__in=TO_POLICE, round=notice_case.round)
    newest = to_police.order_by("-pk").first()
    subject = (newest.mail_of_id or newest.pk) if newest else 0
    message = Message.objects.filter(kind__in=TO_POLICE, subject_id=subject).first()
    police = police_of(portal(notice_case.portal_id))
    return UntoldPage(
        notice_case_id=notice_case.pk,
        reference=notice_case.brief["reference"],
        is_settled=notice_case.state != "untold",
        why=problem_word(notice_case.problem) if notice_case.problem in PROBLEMS else "",
        message=outbox_row(message) if message else None,
        goes_to=police[1] if police else "",
        confirms=newest.pk if newest is not None and "told" in waiting_parts(newest) else 0,
    )
