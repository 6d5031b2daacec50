"""All writes of training: courses, sessions, who took part, and what is needed."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.capacity.certificates.errors import CertificateGiven
from leeward.capacity.errors import CourseExists, CourseInUse, PersonThere, SessionExists, TooManyCourses
from leeward.capacity.models import Certificate, Course, Need, Session
from leeward.capacity.models import Participation as Row
from leeward.capacity.rules.participation import Participation
from leeward.capacity.rules.vocabulary import forgotten_before
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import erased
from leeward.people.services import authorize

ACT = "training.edit"
MOST_COURSES = 1000
BATCH = 2000
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class CourseDetails:
    """What a course says."""

    title: str
    code: str
    role: str
    provider: str = ""
    hours: int | None = None
    valid_months: int = 0
    materials: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows of a table were new, and how many were on record already or stand there twice."""

    new: int
    same: int


def add_course(details: CourseDetails, *, hotline_id: int, actor: Actor) -> int:
    """Add a course; return its number. Raises CourseExists, TooManyCourses."""
    authorize(actor, ACT, hotline_id)
    with hotline_transaction():
        if Course.objects.count() >= MOST_COURSES:
            raise TooManyCourses(most=MOST_COURSES)
        row = Course(hotline_id=hotline_id)
        _save_course(row, details)
        _record("course.added", f"course:{row.pk}", hotline_id, actor)
    return row.pk


def change_course(number: int, details: CourseDetails, *, actor: Actor) -> None:
    """Change a course. Raises NotFound, CourseExists."""
    with hotline_transaction():
        row = _course(number, actor)
        _save_course(row, details)
        _record("course.changed", f"course:{row.pk}", row.hotline_id, actor)


def remove_course(number: int, *, actor: Actor) -> None:
    """Remove a course in which nobody took part, with its sessions. Raises NotFound, CourseInUse."""
    with hotline_transaction():
        row = _course(number, actor)
        if Row.objects.filter(course=row).exists() or Certificate.objects.filter(course=row).exists():
            raise CourseInUse
        Session.objects.filter(course=row).delete()
        _record("course.removed", f"course:{row.pk}", row.hotline_id, actor)
        row.delete()


def add_session(number: int, starts_on: date, ends_on: date, place: str, trainers: str, *, actor: Actor) -> int:
    """Add a session to a course; return its number. Raises NotFound, SessionExists."""
    with hotline_transaction():
        course = _course(number, actor)
        row = Session(
            hotline_id=course.hotline_id,
            course=course,
            starts_on=starts_on,
            ends_on=ends_on,
            place=place,
            trainers=trainers,
        )
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise SessionExists from error
        _record("course_session.added", f"course_session:{row.pk}", row.hotline_id, actor)
    return row.pk


def remove_session(number: int, *, actor: Actor) -> int:
    """Remove a session in which nobody took part; return its course. Raises NotFound, CourseInUse."""
    with hotline_transaction():
        row = Session.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise NotFound(what=_("session"))
        authorize(actor, ACT, row.hotline_id)
        if Row.objects.filter(session=row).exists():
            raise CourseInUse
        _record("course_session.removed", f"course_session:{row.pk}", row.hotline_id, actor)
        course_id: int = row.course_id
        row.delete()
    return course_id


def add_participation(number: int, participation: Participation, *, session_id: int | None, actor: Actor) -> int:
    """Put on record that somebody took part; return its number. Raises NotFound, PersonThere."""
    with hotline_transaction():
        course = _course(number, actor)
        row = _made(course, _session(course, session_id), participation)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise PersonThere from error
        _record("participation.added", f"participation:{row.pk}", row.hotline_id, actor)
    return row.pk


def remove_participation(number: int, *, actor: Actor) -> int:
    """Remove what says that somebody took part; the log keeps its number. Returns the course. Raises NotFound,
    CertificateGiven while there is a certificate for it.
    """
    with hotline_transaction():
        row = Row.objects.select_for_update().filter(pk=number).first()
        if row is None:
            raise NotFound(what=_("person"))
        authorize(actor, ACT, row.hotline_id)
        if Certificate.objects.filter(participation=row, revoked_at=None).exists():
            raise CertificateGiven
        _record("participation.removed", f"participation:{row.pk}", row.hotline_id, actor)
        course_id: int = row.course_id
        row.delete()
    return course_id


def erase_trainee(number: int) -> int:
    """Take the name and organisation of somebody out of all records of training of the hotline, in the caller's transaction, which logs
    it; what is counted stays. `number` is one of their participations. Return how many records it were."""
    row = Row.objects.filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("person"))
    gone = _without_name(row.hotline_id, row.person)
    erased(Row)
    return gone


def forget_old(hotline_id: int, today: date) -> int:
    """Take name and organisation out of the records of people whose every training is long over; return how many records. In steps, and
    within the hotline's scope."""
    courses: dict[int, list[int]] = {}
    for number, months in Course.objects.order_by("id").values_list("id", "valid_months"):
        courses.setdefault(months, []).append(number)
    kept, old = Q(), Q()
    for months, numbers in courses.items():
        last = forgotten_before(today, months)
        kept |= Q(course_id__in=numbers, ended_on__gte=last)
        old |= Q(course_id__in=numbers, ended_on__lt=last)
    if not courses:
        return 0
    later = Row.objects.filter(kept, person=OuterRef("person"))
    found = Row.objects.filter(old).exclude(name="").exclude(Exists(later)).order_by("id")
    count = 0
    while True:
        with hotline_transaction(hotline_id):
            people = sorted({*found.values_list("person", flat=True)[:AT_ONCE]})
            if not people:
                return count
            gone = sum(_without_name(hotline_id, person) for person in people)
            facts = {"rows": gone}
            record(
                "participations.forgotten",
                actor=SYSTEM,
                hotline_id=hotline_id,
                subject=f"hotline:{hotline_id}",
                facts=facts,
            )
            erased(Row)
        count += gone


def preview(number: int, found: Iterable[Participation]) -> Taken:
    """Return what `take` would do. Must run within the hotline's scope."""
    new, total, seen = 0, 0, set[bytes]()
    for batch in batched(found, BATCH):
        total += len(batch)
        here = {_key(one): one for one in reversed(batch)}  # of two rows the first
        fresh = [key for key in _unknown(number, here) if key not in seen]
        new += len(fresh)
        seen.update(fresh)
    return Taken(new, total - new)


def take(number: int, found: Iterable[Participation], *, session_id: int | None, actor: Actor) -> Taken:
    """Put on record who took part, each once. In steps, so that a long table holds nobody up: one that was interrupted is
    taken again, and adds what is missing. Raises NotFound.
    """
    new = total = 0
    with hotline_transaction():
        course = _course(number, actor)
        session = _session(course, session_id)
    for batch in batched(found, BATCH):
        with hotline_transaction():
            _course(number, actor)
            here = {_key(one): one for one in reversed(batch)}  # of two rows the first
            rows = [_made(course, session, here[key]) for key in _unknown(number, here)]
            Row.objects.bulk_create(rows, batch_size=500)
            facts = {"rows": len(batch), "added": len(rows)}
            _record("participations.imported", f"course:{course.pk}", course.hotline_id, actor, facts)
        new, total = new + len(rows), total + len(batch)
    return Taken(new, total - new)


def set_need(role: str, country: str, people: int, *, hotline_id: int, actor: Actor) -> None:
    """Say how many trained people of a role a country needs; 0 takes it back."""
    authorize(actor, ACT, hotline_id)
    with hotline_transaction():
        if people:
            Need.objects.update_or_create(
                hotline_id=hotline_id, role=role, country=country, defaults={"people": people}
            )
        else:
            Need.objects.filter(role=role, country=country).delete()
        facts = {"role": role, "country": country, "people": people}
        _record("training_need.set", f"hotline:{hotline_id}", hotline_id, actor, facts)


def note_export(number: int, count: int, *, actor: Actor) -> None:
    """Record in the log that the people of a course were downloaded. Raises NotFound."""
    with hotline_transaction():
        row = _course(number, actor)
        _record("participations.exported", f"course:{row.pk}", row.hotline_id, actor, {"rows": count})


def _without_name(hotline_id: int, person: str) -> int:
    mine = Row.objects.filter(hotline_id=hotline_id, person=person)
    return int(mine.update(name="", organisation="", person=secrets.token_hex(32)))


def _course(number: int, actor: Actor) -> Course:
    row = Course.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("course"))
    authorize(actor, ACT, row.hotline_id)
    return row


def _session(course: Course, session_id: int | None) -> Session | None:
    if session_id is None:
        return None
    row = Session.objects.filter(pk=session_id, course=course).first()
    if row is None:
        raise NotFound(what=_("session"))
    return row


def _save_course(row: Course, details: CourseDetails) -> None:
    row.title, row.code, row.role = details.title, details.code, details.role
    row.provider, row.hours, row.materials = details.provider, details.hours, details.materials
    row.valid_months = details.valid_months
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise CourseExists from error


def _made(course: Course, session: Session | None, participation: Participation) -> Row:
    return Row(
        hotline_id=course.hotline_id,
        course=course,
        session=session,
        person=participation.person,
        name=participation.name,
        organisation=participation.organisation,
        role=participation.role,
        country=participation.country,
        ended_on=participation.ended_on,
        before=participation.before,
        after=participation.after,
    )


def _key(one: Participation) -> bytes:
    return bytes.fromhex(one.person) + one.ended_on.isoformat().encode()


def _unknown(number: int, here: dict[bytes, Participation]) -> Iterator[bytes]:
    people: Sequence[str] = list({one.person for one in here.values()})
    rows = Row.objects.filter(course_id=number, person__in=people).values_list("person", "ended_on")
    known = {bytes.fromhex(person) + ended_on.isoformat().encode() for person, ended_on in rows}
    return (key for key in here if key not in known)


def _record(event: str, subject: str, hotline_id: int, actor: Actor, facts: Mapping[str, object] | None = None) -> None:
    record(event, actor=actor, hotline_id=hotline_id, subject=subject, facts=facts or {})
