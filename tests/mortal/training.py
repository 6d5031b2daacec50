"""Deeds about training and the national response: who took part, certificates, what is closed."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from django.db import OperationalError
from django_scopes import scopes_disabled

from leeward.audit.models import AuditRow
from leeward.audit.queries import chains, verdict
from leeward.capacity import services
from leeward.capacity.certificates import services as certificates_services
from leeward.capacity.models import Certificate, CertificateKey, Participation
from leeward.capacity.rules import participation as participation_rules
from leeward.demo.whole import prepare
from leeward.national import queries
from leeward.national import services as national_services
from leeward.national.errors import SelfAssessmentClosed
from leeward.national.models import SelfAssessment
from leeward.national.rules.standing import AnswerDetails
from leeward.people.models import Portal
from tests.mortal.deeds import actor_called, deed, leave_room, within

PIECE = 3  # rows of a table at once


@deed
def open_two_schools() -> list[list[int]]:
    """A new installation with two courses and two self-assessments that are answered; return their numbers."""
    prepare()
    with within():
        return [_school(f"FR{year}", year) for year in (2024, 2025)]


def _school(code: str, year: int) -> list[int]:
    actor, hotline_id = actor_called("carl"), Portal.objects.get().hotline_id
    course = services.add_course(
        services.CourseDetails("First response", code, "police", valid_months=12),
        hotline_id=hotline_id,
        actor=actor,
    )
    number = national_services.begin(None, "JM", year, hotline_id=hotline_id, actor=actor)
    whole = queries.assessment(number, datetime.now(UTC))
    assert whole is not None
    for standing in whole.standings:
        if standing.phase is None:
            national_services.answer(number, standing.question.id, AnswerDetails(0), actor=actor)
    return [course, number]


@deed
def take_a_table(*, course: int, people: int, room: int | None = None) -> str:
    """Import a table of who took part, in small pieces."""
    services.BATCH = PIECE
    leave_room(room)
    rows = [
        participation_rules.Participation(f"Person {at} " + "x" * 60, "Police", "police", "JM", date(2026, 11, 1))
        for at in range(people)
    ]
    try:
        with within():
            services.take(course, rows, session_id=None, actor=actor_called("carl"))
    except OperationalError:
        return "full"
    return "done"


@deed
def give_certificates(*, course: int, room: int | None = None) -> str:
    """Give a certificate to all who took part and have none."""
    leave_room(room)
    try:
        with within():
            hotline_id = Portal.objects.get().hotline_id
            certificates_services.give_all(course, hotline_id=hotline_id, actor=actor_called("carl"))
    except OperationalError:
        return "full"
    return "done"


@deed
def close_the_assessment(*, number: int, room: int | None = None) -> str:
    """Close it as the second person, or find that it is closed."""
    leave_room(room)
    try:
        with within():
            whole = queries.assessment(number, datetime.now(UTC))
            assert whole is not None
            national_services.close(number, seen=whole.mark, actor=actor_called("adam"))
    except OperationalError:
        return "full"
    except SelfAssessmentClosed:
        return "settled"
    return "done"


@deed
def tell_of_the_school(*, course: int, number: int) -> dict[str, Any]:
    """What is on record, what the log says of it, and what is wrong."""
    with scopes_disabled():
        people = Counter(Participation.objects.filter(course_id=course).values_list("person", flat=True))
        given = Counter(Certificate.objects.filter(course_id=course).values_list("participation_id", flat=True))
        places = Counter(Certificate.objects.values_list("list_number", "list_index"))
        subjects = (f"course:{course}", f"self_assessment:{number}", f"hotline:{Portal.objects.get().hotline_id}")
        logged = {
            event: [
                json.loads(facts)
                for facts in AuditRow.objects.filter(event=event, subject__in=subjects).values_list("facts", flat=True)
            ]
            for event in (
                "participations.imported",
                "certificates.given",
                "certificate_key.made",
                "self_assessment.closed",
            )
        }
        row = SelfAssessment.objects.get(pk=number)
        return {
            "people": sum(people.values()),
            "certificates": sum(given.values()),
            "keys": CertificateKey.objects.count(),
            "closed": (row.closed_at is not None, bool(row.measured), row.closed_by_id is not None),
            "twice": [
                *(people - Counter(list(people))),
                *(given - Counter(list(given))),
                *(places - Counter(list(places))),
            ],
            "logged": [
                sum(facts["added"] for facts in logged["participations.imported"]),
                sum(facts["certificates"] for facts in logged["certificates.given"]),
                len(logged["certificate_key.made"]),
                len(logged["self_assessment.closed"]),
            ],
            "faults": [str(fault) for fault in (verdict(chain).fault for chain in chains()) if fault],
        }
