"""Matters whose police don't have the case."""

from dataclasses import dataclass

from leeward.notices.models import TO_POLICE, Matter, Message
from leeward.notices.queries.lists import OutboxRow, outbox_row
from leeward.notices.queries.words import problem_word
from leeward.notices.rules.police_first import PROBLEMS
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
