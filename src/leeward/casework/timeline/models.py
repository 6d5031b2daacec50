"""Table of notes on a case."""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline
from leeward.sealing.fields import SealedText


class Note(models.Model):
    """A note about a case by a member of staff."""

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = SealedText(together=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "-id"], name="note_newest")]

    def __str__(self) -> str:
        return f"note {self.pk}"
