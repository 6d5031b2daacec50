"""What one of us entered by hand as an answer of the police, and nobody else stands behind yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leeward.notices.models import TO_POLICE, Referral
from leeward.notices.queries.labels import OUTCOMES
from leeward.notices.rules.answers import stands

# What of a referral can be entered by hand so that an urgent case could end by it.
PARTS = ("told", "acknowledged", "outcome")


@dataclass(frozen=True, slots=True)
class EnteredRow:
    """What waits for a second person about a case: the referral, who entered it (`by`), to whom it went and when, and what they are
    said to have answered (`outcome` in words, or empty)."""

    referral_id: int
    by: frozenset[int]
    names: tuple[str, ...]
    to: str
    sent_at: datetime | None
    acknowledged_at: datetime | None
    outcome: str
    note: str


def waiting_parts(referral: Referral) -> list[str]:
    """Which parts of a referral were entered by hand and have no second person; that they were told, only while nothing else
    says so."""
    return [
        part
        for part in PARTS
        if not stands(getattr(referral, f"{part}_by_id"), getattr(referral, f"{part}_with_id"))
        and not (part == "told" and referral.told_how)
    ]


def waits_for_second(referral: Referral) -> bool:
    """Whether a part waits for one, and it is about what was told to the police as urgent."""
    return bool(waiting_parts(referral)) and takes_two(referral)


def takes_two(referral: Referral) -> bool:
    """Whether what one of us enters about it counts only once a second person stands behind it: this message to the police is
    urgent, or one before it about the case."""
    if referral.kind not in TO_POLICE:
        return False
    sent = Referral.objects.filter(case_id=referral.case_id, kind__in=TO_POLICE, urgent=True, pk__lte=referral.pk)
    return bool(sent.exists())


def entered_for(case_ids: Sequence[int]) -> EnteredRow | None:
    """The newest that waits for a second person about any of these cases, or None."""
    people = (f"{part}_by" for part in PARTS)
    rows = Referral.objects.select_related("contact", *people).filter(case_id__in=case_ids).order_by("-pk")
    found = next((row for row in rows if waits_for_second(row)), None)
    if found is None:
        return None
    by = [getattr(found, f"{part}_by") for part in waiting_parts(found)]
    return EnteredRow(
        referral_id=found.pk,
        by=frozenset(person.pk for person in by),
        names=tuple(dict.fromkeys(person.name for person in by)),
        to=found.contact.name or found.contact.email if found.contact else "",
        sent_at=found.sent_at,
        acknowledged_at=found.acknowledged_at,
        outcome=str(OUTCOMES[found.outcome]) if found.outcome else "",
        note=found.note,
    )
