"""Watches and checks. No content: a status, a reason and a hash distance."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.monitoring.rules.verdict import OUTCOMES, STATES


class Watch(models.Model):
    """Our standing order to check one location."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    location_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES], default="up")
    since = models.DateTimeField()
    misses = models.PositiveIntegerField(default=0)
    last_good_at = models.DateTimeField(null=True)
    first_miss_at = models.DateTimeField(null=True)
    last_miss_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    unreachable_since = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "location_id"], name="watch_once")]
        indexes: ClassVar = [models.Index(fields=["hotline", "state", "next_at"], name="watch_state")]

    def __str__(self) -> str:
        return f"watch {self.pk}"


class Check(models.Model):
    """One check of a location."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="checks")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=[(outcome, outcome) for outcome in OUTCOMES])
    counted = models.BooleanField()
    status = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=60, blank=True, default="")
    distance_bits = models.PositiveIntegerField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["watch", "-at"], name="check_newest")]

    def __str__(self) -> str:
        return f"check {self.pk}"
