"""Children who may be identified: the offices that can be told, the letter as it would go, what each was told and answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q

from leeward.notices.models import Contact, Referral
from leeward.notices.queries.previews import LINK, MARK
from leeward.notices.recipients import protections_of
from leeward.notices.rules.at_risk import AtRisk, read
from leeward.notices.writing import compose
from leeward.notices.writing.texts import at_risk_mail, language_for
from leeward.people.queries import portal

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Office:
    """A child-protection contact that can be written to. With a `fingerprint`, what goes there is encrypted."""

    id: int
    name: str
    email: str
    service: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class OfficeLetter:
    """The letter as it would go now."""

    to: Office
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class InformedRow:
    """What one office was told about a case: since when they have it, by when an answer is expected, what came of it."""

    referral_id: int
    name: str
    created_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    answer_by: datetime | None
    outcome: str
    outcome_at: datetime | None


def offices_of(country: str) -> list[Office]:
    """Return the child-protection offices of a country that can be written to, oldest entry first; one query."""
    return [_office(one) for one in protections_of(country)]


def letter_to(office: Office, statement: AtRisk, *, portal_id: int, reference: str, urgent: bool) -> OfficeLetter:
    """Return the letter to an office as it would go now; its link doesn't exist yet."""
    languages = Contact.objects.get(pk=office.id).languages
    mail = at_risk_mail(
        statement,
        reference=reference,
        office=office.name,
        portal=portal(portal_id),
        link=LINK.format(base=settings.LEEWARD.base_url, page=compose.REFERRAL),
        mark=MARK,
        urgent=urgent,
        language=language_for(languages),
    )
    return OfficeLetter(office, mail.subject, mail.body)


def informed_about(case_ids: Sequence[int]) -> list[InformedRow]:
    """Return what offices were told about these cases last, newest first; one query."""
    found = Referral.objects.select_related("contact").filter(case_id__in=case_ids, kind="protection").order_by("-pk")
    return [
        InformedRow(
            referral_id=row.pk,
            name=row.contact.name or row.contact.email if row.contact else "",
            created_at=row.created_at,
            sent_at=row.sent_at,
            acknowledged_at=row.acknowledged_at,
            answer_by=read(row.statement).answer_by,
            outcome=row.outcome,
            outcome_at=row.outcome_at,
        )
        for row in found[:MOST_SHOWN]
    ]


def answers_awaited(case_id: int) -> list[tuple[int, datetime, datetime | None]]:
    """Return the newest letter to each office about a case: its number, when it was written, and since when what came of it is
    known; one query."""
    return [(row.pk, row.created_at, row.outcome_at) for row in _newest([case_id])]


def protection_told_at(case_ids: Sequence[int]) -> datetime | None:
    """Return since when an office for child protection knows of one of these cases; None if none was told; one query."""
    informed = Referral.objects.filter(case_id__in=case_ids, kind="protection").exclude(told_how="")
    return informed.order_by("pk").values_list("sent_at", flat=True).first()


def is_protection_owed(case_ids: Sequence[int]) -> bool:
    """Return whether an office was told about one of these cases and no outcome of the newest letter to it is recorded; one
    query."""
    return any(not row.outcome for row in _newest(case_ids))


def cases_owed_by_protection() -> set[int]:
    """Return the cases of this hotline of which an office was told and no outcome of the newest letter to it is recorded; two
    queries."""
    open_ones = Referral.objects.filter(kind="protection", outcome="").values_list("case_id", flat=True)
    return {row.case_id for row in _newest(set(open_ones)) if not row.outcome}


def protection_counts(start: datetime, end: datetime) -> dict[int, tuple[int, int]]:
    """Return, by portal, about how many cases offices were first told in this time, and of how many an outcome is known; one
    query."""
    informed = Referral.objects.filter(kind="protection", created_at__gte=start, created_at__lt=end).order_by()
    known = Count("case_id", distinct=True, filter=~Q(outcome="") & ~Q(outcome="no_answer"))
    rows = informed.values("portal_id").annotate(informed=Count("case_id", distinct=True), known=known)
    return {row["portal_id"]: (row["informed"], row["known"]) for row in rows}


def _newest(case_ids: Iterable[int]) -> list[Referral]:
    """Return the newest letter to each office about each case."""
    sent = Referral.objects.filter(case_id__in=list(case_ids), kind="protection").order_by("pk")
    return list({(row.case_id, row.contact_id): row for row in sent}.values())


def _office(contact: Contact) -> Office:
    return Office(contact.pk, contact.name or contact.email, contact.email, contact.service, contact.fingerprint)
