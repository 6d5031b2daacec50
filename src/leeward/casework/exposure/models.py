"""Tables of previews, days at the desk and a hotline's own limits."""

from datetime import timedelta

from django.db import models
from django_scopes import ScopedManager

from leeward.casework.exposure.rules.budget import RECOMMENDED
from leeward.people.foreign_keys import to_hotline


class View(models.Model):
    """One preview that somebody requested, with the reason: what the exposure budget counts. The picture itself is not
    stored. `was_shown`: it existed and was sent to their page; only then have they seen it.
    """

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    file_id = models.BigIntegerField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=12)
    blurred = models.BooleanField()
    part = models.PositiveSmallIntegerField(default=100)
    page = models.PositiveIntegerField(default=1)
    weight = models.PositiveSmallIntegerField()
    changed = models.BooleanField(default=False)
    cycle = models.PositiveSmallIntegerField()
    was_shown = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "by", "at"], name="view_budget")]

    def __str__(self) -> str:
        return f"view {self.pk}"


class DeskDay(models.Model):
    """The totals of one person's day at the desk, used for the exposure budget only."""

    hotline = to_hotline()
    by = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    spent = models.PositiveIntegerField(default=0)
    worked = models.DurationField(default=timedelta)
    stretch_from = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    is_off = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "day", "by"], name="desk_day_once")]

    def __str__(self) -> str:
        return f"{self.day} of {self.by_id}"


class DeskLimits(models.Model):
    """A hotline's own exposure limits; without a row the recommended ones apply."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.CASCADE, related_name="+")
    desk_minutes = models.PositiveSmallIntegerField()
    previews = models.PositiveSmallIntegerField()
    stretch_minutes = models.PositiveSmallIntegerField()
    break_minutes = models.PositiveSmallIntegerField()
    last_hour = models.PositiveSmallIntegerField()
    clear_weight = models.PositiveSmallIntegerField(default=RECOMMENDED.clear_weight)
    heavy_weight = models.PositiveSmallIntegerField(default=RECOMMENDED.heavy_weight)
    heaviest_weight = models.PositiveSmallIntegerField(default=RECOMMENDED.heaviest_weight)
    reason = models.TextField(default="", blank=True)
    by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"limits of hotline {self.hotline_id}"
