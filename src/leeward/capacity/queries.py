"""Reads of training: courses, sessions, who took part, and what is missing. All must run within the hotline's scope."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q

from leeward.capacity.models import Certificate, Course, Need, Session
from leeward.capacity.models import Participation as Row
from leeward.capacity.rules.needs import Standing, standings
from leeward.capacity.rules.participation import Participation, Usual
from leeward.capacity.rules.vocabulary import VALID_MONTHS, WARN_DAYS, months_before, runs_out
from leeward.people.queries import country_names
from leeward.people.rules.reading import mark_of
from leeward.web_security.paging import Page, page_of

PER_PAGE = 50
MOST_SESSIONS = 200
AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course as pages see it."""

    id: int
    title: str
    code: str
    role: str
    provider: str
    hours: int | None
    valid_months: int
    materials: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as pages see it."""

    id: int
    starts_on: date
    ends_on: date
    place: str
    trainers: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who took part, and the last day on which it holds."""

    id: int
    participation: Participation
    place: str
    holds_until: date | None


@dataclass(frozen=True, slots=True)
class Learned:
    """What tests before and after a course say of those who took both; averages in percent."""

    people: int
    before: float
    after: float


def usual_for(role: str, country: str) -> Usual:
    """Return what holds where a row of a table says nothing of it."""
    return Usual(role, country, frozenset(country_names()), datetime.now(UTC).date())


def courses(*, search: str = "", number: str | None = None) -> Page[CourseRow]:
    """Return a page of the courses, by title."""
    found = Course.objects.order_by("title", "id")
    if search:
        found = found.filter(Q(title__icontains=search) | Q(code__icontains=search) | Q(provider__icontains=search))
    page = page_of(found, number, per_page=PER_PAGE)
    return Page([_course(row) for row in page.rows], page.number, page.per_page, page.total, page.total_is_exact)


def course(number: int) -> CourseRow | None:
    """Return one course, or None."""
    row = Course.objects.filter(pk=number).first()
    return _course(row) if row else None


def course_named(code: str) -> CourseRow | None:
    """Return the course with this short name, or None."""
    row = Course.objects.filter(code=code).first()
    return _course(row) if row else None


def sessions(course_id: int) -> list[SessionRow]:
    """Return the sessions of a course, the last first; the oldest of very many are left out."""
    found = Session.objects.filter(course_id=course_id).order_by("-starts_on", "-id")[:MOST_SESSIONS]
    return [SessionRow(row.pk, row.starts_on, row.ends_on, row.place, row.trainers) for row in found]


def sessions_ahead(today: date) -> dict[date, set[int]]:
    """Return the days within two weeks on which sessions begin, each with their courses."""
    found = Session.objects.filter(starts_on__range=(today, today + timedelta(days=AHEAD_DAYS)))
    ahead: dict[date, set[int]] = {}
    for begins_on, course in found.order_by("starts_on").values_list("starts_on", "course_id").distinct():
        ahead.setdefault(begins_on, set()).add(course)
    return ahead


def courses_running_out(today: date) -> set[int]:
    """Return the courses whose training runs out soon for somebody who has not taken it again."""
    again = Row.objects.filter(course=OuterRef("course"), person=OuterRef("person"), ended_on__gt=OuterRef("ended_on"))
    by_months: dict[int, list[int]] = {}
    for number, months in Course.objects.filter(valid_months__gt=0).order_by("id").values_list("id", "valid_months"):
        by_months.setdefault(months, []).append(number)
    found: set[int] = set()
    for months, numbers in by_months.items():
        span = (months_before(today, months), months_before(today + timedelta(days=WARN_DAYS), months))
        rows = Row.objects.filter(course_id__in=numbers, ended_on__range=span).exclude(Exists(again))
        found.update(rows.order_by().values_list("course_id", flat=True).distinct())
    return found


def people(
    course: CourseRow, today: date, *, search: str = "", show: str = "", number: str | None = None
) -> Page[PersonRow]:
    """Return a page of who took part in a course, by name: all, those whose training runs out soon, or has run out."""
    found = Row.objects.filter(course_id=course.id).select_related("session").order_by("name", "id")
    if search:
        found = found.filter(Q(name__icontains=search) | Q(organisation__icontains=search))
    if show and not course.valid_months:
        found = found.none()
    elif show:
        last = months_before(today, course.valid_months)
        later = months_before(today + timedelta(days=WARN_DAYS), course.valid_months)
        found = found.filter(ended_on__lt=last) if show == "over" else found.filter(ended_on__range=(last, later))
    page = page_of(found, number, per_page=PER_PAGE)
    rows = [
        PersonRow(
            row.pk,
            participation_of(row),
            row.session.place if row.session else "",
            runs_out(row.ended_on, course.valid_months),
        )
        for row in page.rows
    ]
    return Page(rows, page.number, page.per_page, page.total, page.total_is_exact)


def trainees_named(name: str, most: int) -> list[tuple[int, str, str]]:
    """Return people on record under a name, whatever its letters' case: the number of one of their participations, name, organisation."""
    found: dict[str, tuple[int, str, str]] = {}
    if name:
        for row in Row.objects.filter(name__iexact=name).order_by("id")[: most * 20]:
            found.setdefault(row.person, (row.pk, row.name, row.organisation))
    return list(found.values())[:most]


def data_of_trainee(number: int) -> dict[str, list[dict[str, Any]]]:
    """Return every record of training of the person whose participation has this number, with what was certified."""
    person = Row.objects.filter(pk=number).values_list("person", flat=True).first()
    mine = Row.objects.filter(person=person).order_by("id")
    fields = ("name", "organisation", "role", "country", "course__title", "ended_on", "before", "after")
    given = Certificate.objects.filter(participation__in=mine).order_by("id")
    return {
        "training": list(mine.values(*fields)),
        "certificates": list(given.values("number", "title", "given_at", "valid_until")),
    }


def learned(course_id: int) -> Learned | None:
    """Return what those who took the test before and after have learned, or None if there were none."""
    found = Row.objects.filter(course_id=course_id, before__isnull=False, after__isnull=False).aggregate(
        people=Count("id"), before=Avg("before"), after=Avg("after")
    )
    return Learned(found["people"], round(found["before"], 1), round(found["after"], 1)) if found["people"] else None


def everybody(course_id: int) -> Iterator[Participation]:
    """Return who took part in a course, by name, as a table holds it."""
    for row in Row.objects.filter(course_id=course_id).order_by("name", "id").iterator(2000):
        yield participation_of(row)


def count_of(course_id: int, most: int) -> int:
    """Return how many rows a course has, counted to a limit."""
    return Row.objects.filter(course_id=course_id)[:most].count()


def needs(today: date) -> list[Standing]:
    """Return what is needed and what is there, by role and country; each person of a role counts once."""
    over = Q()
    for months in VALID_MONTHS[1:]:
        over |= Q(course__valid_months=months, ended_on__lt=months_before(today, months))
    found = Row.objects.exclude(over).order_by().values_list("role", "country")
    trained = {(role, country): count for role, country, count in found.annotate(n=Count("person", distinct=True))}
    needed = {(row.role, row.country): row.people for row in Need.objects.order_by("id")}
    return standings(trained, needed)


def mark_of_needs() -> str:
    """Return a mark of what is needed, within the hotline’s scope: a number by an older page would replace one that nobody there has read."""
    return mark_of(list(Need.objects.order_by("id").values_list("role", "country", "people")))


def participation_of(row: Row) -> Participation:
    """Return what a row says."""
    return Participation(row.name, row.organisation, row.role, row.country, row.ended_on, row.before, row.after)


def _course(row: Course) -> CourseRow:
    return CourseRow(row.pk, row.title, row.code, row.role, row.provider, row.hours, row.valid_months, row.materials)
