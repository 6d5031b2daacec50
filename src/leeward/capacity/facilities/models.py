"""Facilities, their equipment, and contacts abroad."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.capacity.facilities.rules.standing import EQUIPMENT, KINDS
from leeward.people.foreign_keys import to_hotline, to_person

MOST_NAME = 120


class Facility(models.Model):
    """A place where devices are examined: how many in a month, how many wait, and when that was counted."""

    hotline = to_hotline()
    name = models.CharField(max_length=MOST_NAME)
    kind = models.CharField(max_length=16, choices=[(one, one) for one in KINDS])
    country = models.CharField(max_length=2)
    place = models.CharField(max_length=MOST_NAME, blank=True, default="")
    per_month = models.PositiveIntegerField(null=True)
    waiting = models.PositiveIntegerField(null=True)
    counted_on = models.DateField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "name", "country"], name="facility_once")]

    def __str__(self) -> str:
        return f"facility {self.pk}"


class Equipment(models.Model):
    """What a facility has: a number of one kind; `ends_on` is the last day of a licence."""

    hotline = to_hotline()
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=[(one, one) for one in EQUIPMENT])
    name = models.CharField(max_length=MOST_NAME)
    count = models.PositiveIntegerField(default=1)
    ends_on = models.DateField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hotline", "facility", "name", "id"], name="equipment_of_facility"),
            models.Index(fields=["hotline", "ends_on", "id"], name="equipment_ends"),
        ]

    def __str__(self) -> str:
        return f"equipment {self.pk}"


class DirectoryEntry(models.Model):
    """Whom to ask: one of our own, or what somebody here wrote about a shipped one (by its `code`)."""

    hotline = to_hotline()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=MOST_NAME)
    region = models.CharField(max_length=MOST_NAME, blank=True, default="")
    purpose = models.CharField(max_length=300, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    telephone = models.CharField(max_length=60, blank=True, default="")
    email = models.CharField(max_length=200, blank=True, default="")
    checked_on = models.DateField(null=True)
    checked_by = to_person(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "code"], name="directory_entry_once")]

    def __str__(self) -> str:
        return f"directory entry {self.pk}"
