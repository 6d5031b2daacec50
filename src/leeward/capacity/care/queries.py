"""Reads of care. All within the hotline's scope; each says whose it is."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from leeward.capacity.care.models import CareDate, CareNote, Counsellor
from leeward.capacity.care.rules.notes import may_counsel
from leeward.people.queries import staff_of, time_zone_of
from leeward.people.rules.reading import mark_of
from leeward.web_security.paging import Page, page_of

PER_PAGE = 50
MOST_DATES = 100


@dataclass(frozen=True, slots=True)
class CounsellorRow:
    """The counsellor, as everybody who works here sees them."""

    id: int
    person_id: int
    name: str
    public_key: str
    key_since: datetime | None
    appointed_at: datetime


@dataclass(frozen=True, slots=True)
class DateRow:
    """A date; `name` of who took it is for the counsellor alone. `is_off`: it was cancelled, or whose it was is no longer the
    counsellor."""

    id: int
    on: date
    at: time
    place: str
    name: str = ""
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note, as the counsellor sees that it is there."""

    finder: str
    day: date
    read_on: date | None


def today_at(hotline_id: int) -> date:
    """Return the day that it is for a hotline's staff: the times of dates are those of the clock on their wall."""
    return datetime.now(ZoneInfo(time_zone_of(hotline_id))).date()


def counsellor() -> CounsellorRow | None:
    """Return the counsellor; None if nobody is appointed, or whoever was now decides about people or has left."""
    row = Counsellor.objects.select_related("person").filter(ended_at=None).first()
    if row is None or not may_counsel(row.person.roles, is_active=row.person.is_active):
        return None
    return CounsellorRow(row.pk, row.person_id, row.person.name, row.public_key, row.key_since, row.appointed_at)


def mark_of_post(post: CounsellorRow | None) -> str:
    """Return a mark of who is the counsellor: nobody replaces or dismisses by an older page one that they haven’t read of."""
    return mark_of(post.id if post else 0)


def who_could_counsel(hotline_id: int) -> list[tuple[int, str]]:
    """Return the accounts that can be appointed, by name."""
    rows = staff_of(hotline_id)
    return [(row.id, row.name) for row in rows if may_counsel(row.roles, is_active=row.is_active)]


def free_dates(today: date) -> list[DateRow]:
    """Return the dates that nobody has taken, the next first."""
    rows = _coming(today).filter(person=None)
    return [DateRow(row.pk, row.on, row.at, row.place) for row in rows[:MOST_DATES]]


def dates_of(account_id: int, today: date) -> list[DateRow]:
    """Return the dates that a person has taken, the next first, with those that don’t take place."""
    post = counsellor()
    rows = CareDate.objects.filter(on__gte=today, person_id=account_id).order_by("on", "at", "id")
    return [
        DateRow(row.pk, row.on, row.at, row.place, is_off=row.is_cancelled or post is None or whose != post.person_id)
        for row in rows.select_related("counsellor")[:MOST_DATES]
        for whose in [row.counsellor.person_id]
    ]


def dates_for(account_id: int, today: date) -> list[DateRow]:
    """Return a counsellor's dates and who took them, the next first; also from an earlier appointment of the same person."""
    rows = dates_offered_by(account_id, today).select_related("person")
    return [
        DateRow(row.pk, row.on, row.at, row.place, row.person.name if row.person else "") for row in rows[:MOST_DATES]
    ]


def notes_for(account_id: int, number: str | None) -> Page[NoteRow]:
    """Return a page of the notes to a counsellor, the newest day first, in no order within a day."""
    found = CareNote.objects.filter(counsellor__person_id=account_id).defer("content").order_by("-day", "finder")
    page = page_of(found, number, per_page=PER_PAGE)
    rows = [NoteRow(row.finder, row.day, row.read_on) for row in page.rows]
    return Page(rows, page.number, page.per_page, page.total, page.total_is_exact)


def note_found(finder: str) -> tuple[bytes, NoteRow] | None:
    """Return an encrypted note that somebody's code finds, or None."""
    row = CareNote.objects.filter(finder=finder).first()
    return (bytes(row.content), NoteRow(row.finder, row.day, row.read_on)) if row else None


def dates_offered_by(account_id: int, today: date) -> QuerySet[CareDate]:
    """Return the dates from a day on that a counsellor offers, the next first."""
    found = CareDate.objects.filter(on__gte=today, counsellor__person_id=account_id, is_cancelled=False)
    return found.order_by("on", "at")


def _coming(today: date) -> QuerySet[CareDate]:
    row = counsellor()
    return dates_offered_by(row.person_id, today) if row else CareDate.objects.none()
