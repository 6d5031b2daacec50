"""What was merged and split, so that either can be undone."""

# mypy: disable-error-code="django-manager-missing"

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person
from leeward.sealing.fields import SealedText


class Merging(models.Model):
    """A merge of two cases (`case` into `other`), or a report split out of `case` into `other`; and whether it was
    undone.

    For a decided case that was merged, `before` holds its earlier state and what was moved to the other one. Otherwise
    it is empty.
    """

    hotline = to_hotline()
    kind = models.CharField(max_length=8)
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    items = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    reason = SealedText(together=True)
    by = to_person()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
