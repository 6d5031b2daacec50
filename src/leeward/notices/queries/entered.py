"""Answers of the police that staff entered by hand and that no second person has confirmed yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from leeward.notices.models import TO_POLICE, Referral
from leeward.notices.queries.labels import OUTCOMES
from leeward.notices.rules.answers import FREE, stands
from leeward.people.rules.reading import mark_of

# The parts of a referral that can be entered by hand, and could thereby end an urgent case or let its host be told.
PARTS = ("told", "acknowledged", "outcome", "released")


@dataclass(frozen=True, slots=True)
class EnteredRow:
    """What is waiting for a second person in a case: the referral, who entered it (`by`), to whom it was sent and when,
    and the answer as entered (`outcome` in words, or empty; `releases`: the host may be told). `mark`: see `mark_of_waiting`."""

    referral_id: int
    by: frozenset[int]
    names: tuple[str, ...]
    to: str
    sent_at: datetime | None
    acknowledged_at: datetime | None
    outcome: str
    releases: bool
    note: str
    mark: str


def waiting_parts(referral: Referral) -> list[str]:
    """Return which parts of a referral were entered by hand and are unconfirmed. That the police were told counts only
    while nothing else shows it, and that the host may be told only while it may not."""
    shown = {"told": bool(referral.told_how), "released": referral.state in FREE}
    return [
        part
        for part in PARTS
        if not stands(getattr(referral, f"{part}_by_id"), getattr(referral, f"{part}_with_id"))
        and not shown.get(part, False)
    ]


def mark_of_waiting(referral: Referral) -> str:
    """Return a mark of what waits for a second person, by whom and what it says, with the notes and the state beside it."""
    parts = [(part, getattr(referral, f"{part}_by_id")) for part in waiting_parts(referral)]
    answer = (referral.acknowledged_at, referral.outcome, referral.outcome_at, referral.note)
    return mark_of(referral.pk, parts, answer, referral.state, referral.hold_until)


def waits_for_second(referral: Referral) -> bool:
    """Return whether a part is unconfirmed and concerns something that was told to the police as urgent."""
    return bool(waiting_parts(referral)) and takes_two(referral)


def takes_two(referral: Referral) -> bool:
    """Return whether an answer entered by staff counts only once a second person confirms it: this message to the
    police is urgent, or an earlier one about the case was, or one that shares its hold."""
    if referral.kind not in TO_POLICE:
        return False
    urgent = Referral.objects.filter(case_id=referral.case_id, kind__in=TO_POLICE, urgent=True)
    return is_among_urgent(referral, urgent)


def is_among_urgent(referral: Referral, letters: Iterable[Referral]) -> bool:
    """Return the same of a letter to the police, if all of its case are given."""
    return any(one.urgent and (referral.state == "held" or one.pk <= referral.pk) for one in letters)


def entered_for(case_ids: Sequence[int]) -> EnteredRow | None:
    """Return the newest unconfirmed entry about any of these cases, or None."""
    people = (f"{part}_by" for part in PARTS)
    rows = Referral.objects.select_related("contact", *people).filter(case_id__in=case_ids).order_by("-pk")
    found = next((row for row in rows if waits_for_second(row)), None)
    if found is None:
        return None
    parts = waiting_parts(found)
    by = [getattr(found, f"{part}_by") for part in parts]
    return EnteredRow(
        referral_id=found.pk,
        by=frozenset(person.pk for person in by),
        names=tuple(dict.fromkeys(person.name for person in by)),
        to=found.contact.name or found.contact.email if found.contact else "",
        sent_at=found.sent_at,
        acknowledged_at=found.acknowledged_at,
        outcome=str(OUTCOMES[found.outcome]) if found.outcome else "",
        releases="released" in parts,
        note=found.note,
        mark=mark_of_waiting(found),
    )
