"""Tables about several cases at once: saved views, exported lists, bulk assessments."""

# mypy: disable-error-code="django-manager-missing"

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person
from leeward.sealing.fields import SealedText


class SavedView(models.Model):
    """A named search: personal, or shared with the whole hotline. `asked` holds the filters as `Filters` serializes
    them.
    """

    hotline = to_hotline()
    by = to_person()
    name = models.CharField(max_length=60)
    asked = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hotline", "by", "name"], name="saved_view_once"),
            models.UniqueConstraint(
                fields=["hotline", "name"], condition=Q(is_shared=True), name="saved_view_shared_once"
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"


class ListTaken(models.Model):
    """A list of cases that somebody exported from the desk: the filters, the number of cases, and the reason."""

    hotline = to_hotline()
    by = to_person()
    asked = models.JSONField(default=dict)
    cases = models.PositiveIntegerField()
    with_addresses = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "-id"], name="list_taken_newest")]

    def __str__(self) -> str:
        return f"list {self.pk}"


class BulkRun(models.Model):
    """One statement of facts for several cases at once. Each case still has its own assessment and its own rows of the
    log.
    """

    hotline = to_hotline()
    by = to_person()
    facts = models.JSONField(default=dict)
    outcome = models.CharField(max_length=12)
    reason = models.PositiveSmallIntegerField(null=True)
    comment = SealedText(default="", together=True)
    seen = models.CharField(max_length=10, blank=True, default="")
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "by", "-id"], name="bulk_newest")]

    def __str__(self) -> str:
        return f"bulk {self.pk}"


class BulkItem(models.Model):
    """One case of a run: waiting, done (with the resulting act), or refused (with the code of the reason)."""

    hotline = to_hotline()
    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="items", db_index=False)
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, default="waiting")
    led_to = models.CharField(max_length=20, default="")
    refusal = models.CharField(max_length=40, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "case"], name="bulk_item_once")]

    def __str__(self) -> str:
        return f"item {self.pk} of bulk {self.run_id}"
