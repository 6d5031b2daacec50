"""Table of notes on a case."""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline


class Note(models.Model):
    """A note about a case by a member of staff."""

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"note {self.pk}"
