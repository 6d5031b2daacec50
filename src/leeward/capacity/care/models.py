"""The counsellor of a hotline, their dates, and notes to them."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person


class Counsellor(models.Model):
    """An account that was appointed; its owner alone sets the public key."""

    hotline = to_hotline()
    person = to_person()
    public_key = models.CharField(max_length=80, blank=True, default="")
    key_since = models.DateTimeField(null=True)
    appointed_at = models.DateTimeField()
    appointed_by = to_person(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hotline"], condition=models.Q(ended_at=None), name="counsellor_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"counsellor {self.pk}"


class CareDate(models.Model):
    """A time that the counsellor offers; `person` has taken it. Times are those of the hotline's clock on the wall. One that was taken
    and is cancelled stays until that person has seen it or the day is over.
    """

    hotline = to_hotline()
    counsellor = models.ForeignKey(Counsellor, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    at = models.TimeField()
    place = models.CharField(max_length=120)
    person = to_person(null=True)
    is_cancelled = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hotline", "counsellor", "on", "at"],
                condition=models.Q(is_cancelled=False),
                name="care_date_offered_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["hotline", "on", "at"], name="care_date_coming")]

    def __str__(self) -> str:
        return f"care date {self.pk}"


class CareNote(models.Model):
    """An encrypted note. Nothing says who wrote it, and nothing of the time but the day: it is found by the digest of a
    code, which is no order either.
    """

    finder = models.CharField(max_length=64, primary_key=True)
    hotline = to_hotline()
    counsellor = models.ForeignKey(Counsellor, on_delete=models.PROTECT, related_name="+", db_index=False)
    content = models.BinaryField()
    day = models.DateField()
    read_on = models.DateField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hotline", "counsellor", "day", "finder"], name="care_note_day")]

    def __str__(self) -> str:
        return "care note"
