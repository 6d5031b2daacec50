"""The hotline's own templates, and what staff were sent."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.notices.models.choices import choices
from leeward.notices.rules.wordings import KINDS as WORDING_KINDS


class Wording(models.Model):
    """One version of a hotline's own text for a kind of message in a language, for one country or all ("").

    Version 0 is the shipped text and has no row; a row with `is_shipped` says that the shipped text is in force again.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=14, choices=choices(WORDING_KINDS))
    country = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    is_shipped = models.BooleanField(default=False)
    subject = models.CharField(max_length=150, blank=True, default="")
    body = models.TextField(blank=True, default="")
    person = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hotline", "kind", "country", "language", "version"], name="wording_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"wording {self.pk}"


class StaffNote(models.Model):
    """One letter to a member of staff: its subject, and the desk page that shows it. `key` makes it unique."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "key", "person"], name="staff_note_once")]

    def __str__(self) -> str:
        return f"staff note {self.pk}"
