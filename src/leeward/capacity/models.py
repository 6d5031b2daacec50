"""Courses and their sessions, who took part, and how many trained people are needed; and an import of the rooms' tables."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.capacity.care.models import CareDate, CareNote, Counsellor
from leeward.capacity.certificates.models import Certificate, CertificateKey
from leeward.capacity.facilities.models import DirectoryEntry, Equipment, Facility
from leeward.capacity.rules.participation import MOST_NAME
from leeward.capacity.rules.vocabulary import ROLES
from leeward.people.foreign_keys import to_hotline

__all__ = [
    "CareDate",
    "CareNote",
    "Certificate",
    "CertificateKey",
    "Counsellor",
    "Course",
    "DirectoryEntry",
    "Equipment",
    "Facility",
    "Need",
    "Participation",
    "Session",
]

_ROLES = [(one, one) for one in ROLES]


class Course(models.Model):
    """A course for a role. `code` is its short name, as in Moodle; `valid_months` is 0 where it holds for ever."""

    hotline = to_hotline()
    title = models.CharField(max_length=200)
    code = models.CharField(max_length=40)
    role = models.CharField(max_length=16, choices=_ROLES)
    provider = models.CharField(max_length=MOST_NAME, blank=True, default="")
    hours = models.PositiveSmallIntegerField(null=True)
    valid_months = models.PositiveSmallIntegerField(default=0)
    materials = models.CharField(max_length=500, blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "code"], name="course_once")]
        indexes: ClassVar = [models.Index(fields=["hotline", "title", "id"], name="course_title")]

    def __str__(self) -> str:
        return f"course {self.pk}"


class Session(models.Model):
    """A course held once: from when to when, where, and who taught."""

    hotline = to_hotline()
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    place = models.CharField(max_length=MOST_NAME)
    trainers = models.CharField(max_length=200, blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "course", "starts_on", "place"], name="course_session_once")
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"


class Participation(models.Model):
    """Somebody took part in a course until a day. `person` is the digest by which the same person is known again."""

    hotline = to_hotline()
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", db_index=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+", db_index=False, null=True)
    person = models.CharField(max_length=64)
    name = models.CharField(max_length=MOST_NAME)
    organisation = models.CharField(max_length=MOST_NAME, blank=True, default="")
    role = models.CharField(max_length=16, choices=_ROLES)
    country = models.CharField(max_length=2)
    ended_on = models.DateField()
    before = models.PositiveSmallIntegerField(null=True)
    after = models.PositiveSmallIntegerField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "course", "person", "ended_on"], name="participation_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "course", "name", "id"], name="participation_name"),
            models.Index(fields=["hotline", "course", "ended_on", "id"], name="participation_ended"),
            models.Index(
                fields=["hotline", "role", "country", "person", "course", "ended_on"], name="participation_role"
            ),
            models.Index(fields=["hotline", "session"], name="participation_session"),
            models.Index(fields=["hotline", "person"], name="participation_person"),
        ]

    def __str__(self) -> str:
        return f"participation {self.pk}"


class Need(models.Model):
    """How many trained people of a role a country needs."""

    hotline = to_hotline()
    role = models.CharField(max_length=16, choices=_ROLES)
    country = models.CharField(max_length=2)
    people = models.PositiveIntegerField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "role", "country"], name="training_need_once")
        ]

    def __str__(self) -> str:
        return f"need {self.pk}"
