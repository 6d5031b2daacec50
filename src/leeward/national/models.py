"""Frameworks, self-assessments of a country and year, and every answer that was ever given."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.national.rules.standing import MOST_RESPONSIBLE
from leeward.people.foreign_keys import to_hotline, to_person


class Framework(models.Model):
    """A framework as it was taken in: never changed, only followed by another version."""

    hotline = to_hotline()
    name = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    text = models.TextField()
    by = to_person(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "name", "version"], name="framework_once")]

    def __str__(self) -> str:
        return f"framework {self.name} {self.version}"


class SelfAssessment(models.Model):
    """A country's assessment of its response in a year. Closed by a second person, it keeps what was measured then."""

    hotline = to_hotline()
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+", db_index=False)
    country = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    begun_by = to_person(null=True)
    begun_at = models.DateTimeField()
    closed_by = to_person(null=True)
    closed_at = models.DateTimeField(null=True)
    measured = models.JSONField(default=dict)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "country", "year", "framework"], name="self_assessment_once")
        ]
        indexes: ClassVar = [models.Index(fields=["hotline", "-year", "-id"], name="self_assessment_newest")]

    def __str__(self) -> str:
        return f"self-assessment {self.pk}"


class SelfAnswer(models.Model):
    """One answer to a question; the newest counts, and the others are its history. `phase` 0: it is not known."""

    hotline = to_hotline()
    assessment = models.ForeignKey(SelfAssessment, on_delete=models.PROTECT, related_name="+", db_index=False)
    question = models.CharField(max_length=40)
    phase = models.PositiveSmallIntegerField(null=True)
    evidence = models.TextField(blank=True, default="")
    responsible = models.CharField(max_length=MOST_RESPONSIBLE, blank=True, default="")
    target_on = models.DateField(null=True)
    reason = models.TextField(blank=True, default="")
    by = to_person(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hotline", "assessment", "question", "-id"], name="self_answer_newest")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
