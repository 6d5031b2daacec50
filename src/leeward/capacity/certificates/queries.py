"""Reads of certificates. What a visitor asks by a number needs no scope; everything else runs within the hotline's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef

from leeward.capacity.certificates.errors import CertificateKeyUnusable
from leeward.capacity.certificates.models import Certificate, CertificateKey
from leeward.capacity.certificates.rules.badges import Badge, Issuer
from leeward.capacity.certificates.rules.numbers import is_name
from leeward.capacity.certificates.rules.standing import Standing, standing_on
from leeward.capacity.models import Course, Participation
from leeward.people.queries import hotline, hotlines
from leeward.people.rules.reading import mark_of
from leeward.web_security.paging import Page, page_of

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate as pages see it; `name` is empty to visitors, and where the record of who took part was removed."""

    id: int
    hotline_id: int
    badge: Badge
    name: str
    given_by: str
    reason: str
    asked_at: datetime | None
    asked_by_id: int | None
    asked_by: str
    revoked_at: datetime | None
    revoked_by: str
    mark: str = ""

    def standing(self, today: date) -> Standing:
        """Return how it stands on a day."""
        return standing_on(today, self.badge.valid_until, is_revoked=self.revoked_at is not None)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as pages see it."""

    serial: int
    since: datetime
    replaced_at: datetime | None
    withdrawn_at: datetime | None


def certificates(*, show: str = "", number: str | None = None) -> Page[CertificateRow]:
    """Return a page of the certificates, newest first: all, those that wait for a second person, or the revoked ones."""
    found = Certificate.objects.select_related("participation", "given_by", "asked_by", "revoked_by").order_by("-id")
    if show == "waiting":
        found = found.filter(asked_at__isnull=False, revoked_at=None)
    elif show == "revoked":
        found = found.filter(revoked_at__isnull=False)
    page = page_of(found, number, per_page=PER_PAGE)
    return Page([_row(one) for one in page.rows], page.number, page.per_page, page.total, page.total_is_exact)


def certificate(number: int) -> CertificateRow | None:
    """Return one certificate, or None."""
    found = Certificate.objects.select_related("participation", "given_by", "asked_by", "revoked_by")
    row = found.filter(pk=number).first()
    return _row(row) if row else None


def certificates_of(participations: Sequence[int]) -> dict[int, int]:
    """Return the certificates of these participations that have not been revoked."""
    rows = Certificate.objects.filter(participation__in=participations, revoked_at=None)
    return dict(rows.values_list("participation_id", "pk"))


def keys() -> list[KeyRow]:
    """Return the keys of the hotline, the newest first."""
    rows = CertificateKey.objects.order_by("-serial")[:100]
    return [KeyRow(row.serial, row.since, row.replaced_at, row.withdrawn_at) for row in rows]


def published_keys() -> list[tuple[int, dict[str, str]]]:
    """Return the public keys by which certificates can be verified, the newest first."""
    return list(CertificateKey.objects.filter(withdrawn_at=None).order_by("-serial").values_list("serial", "public"))


def signing_key() -> tuple[int, str]:
    """Return the number of the key that signs, and the key as it is stored. Raises CertificateKeyUnusable."""
    row = CertificateKey.objects.filter(replaced_at=None).order_by("-serial").first()
    if row is None:
        raise CertificateKeyUnusable
    return row.serial, row.sealed


def revoked_on(list_number: int) -> list[int] | None:
    """Return the places of a status list whose certificates were revoked; None if there is no such list."""
    rows = Certificate.objects.filter(list_number=list_number)
    if not rows.exists():
        return None
    return list(rows.filter(revoked_at__isnull=False).order_by("list_index").values_list("list_index", flat=True))


def certificate_numbered(number: str) -> CertificateRow | None:
    """Return the certificate with a number, of whichever hotline, without a name; None if there is none."""
    row = Certificate.of_every_hotline.filter(number=number).first()
    return _row(row, is_public=True) if row else None


def is_holder(number: str, name: str) -> bool:
    """Return whether the certificate with this number is of somebody with this name."""
    row = Certificate.of_every_hotline.filter(number=number).first()
    return row is not None and is_name(name, row.salt, row.name_hash)


def issuer(hotline_id: int) -> Issuer:
    """Return a hotline as the one who gives certificates."""
    row = hotline(hotline_id)
    return Issuer(row.slug, row.name, str(settings.LEEWARD.base_url).rstrip("/"))


def hotline_with_slug(slug: str) -> int | None:
    """Return the hotline with this short name, or None."""
    return next((row.id for row in hotlines() if row.slug == slug), None)


def course_of_participation(number: int) -> int | None:
    """Return the number of the course in which somebody took part, or None."""
    return Participation.objects.filter(pk=number).values_list("course_id", flat=True).first()


def mark_to_give(course_id: int) -> str:
    """Return a mark of a course as its certificates name it, "" where there is none."""
    row = Course.objects.filter(pk=course_id).values().first()
    return mark_of(sorted((name, str(value)) for name, value in row.items())) if row else ""


def mark_to_give_all(course_id: int) -> str:
    """Return a mark of a course and of those in it who have no certificate: somebody whom the page did not show gets none by it."""
    valid = Certificate.objects.filter(participation=OuterRef("pk"), revoked_at=None)
    lacking = Participation.objects.filter(~Exists(valid), course_id=course_id).order_by("id")
    return mark_of(mark_to_give(course_id), list(lacking.values_list("id", flat=True)))


def mark_of_request(row: Certificate) -> str:
    """Return a mark of a request to revoke a certificate: who asked for it when, and why."""
    return mark_of(row.pk, row.reason, row.asked_by_id, row.asked_at)


def _row(row: Certificate, *, is_public: bool = False) -> CertificateRow:
    badge = Badge(
        row.number,
        row.course_id,
        row.title,
        row.hours,
        row.ended_on,
        row.given_at,
        row.valid_until,
        row.salt,
        row.name_hash,
        row.list_number,
        row.list_index,
    )
    if is_public:
        return CertificateRow(row.pk, row.hotline_id, badge, "", "", "", None, None, "", row.revoked_at, "")
    return CertificateRow(
        row.pk,
        row.hotline_id,
        badge,
        row.participation.name if row.participation else "",
        row.given_by.name if row.given_by else "",
        row.reason,
        row.asked_at,
        row.asked_by_id,
        row.asked_by.name if row.asked_by else "",
        row.revoked_at,
        row.revoked_by.name if row.revoked_by else "",
        mark_of_request(row),
    )
