"""What quality keeps for itself: how often a second pair of eyes looks. Sampled looks stand with the cases."""

from typing import Any

from django.db import models
from django_scopes import ScopedManager


def _hotline() -> Any:
    return models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)


def _person(**more: Any) -> Any:
    return models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False, **more)


class SamplingRates(models.Model):
    """A hotline's own rates; without a row the recommended ones hold."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.CASCADE, related_name="+")
    illegal_percent = models.PositiveSmallIntegerField()
    closed_percent = models.PositiveSmallIntegerField()
    untrained_percent = models.PositiveSmallIntegerField()
    by = _person(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"rates of hotline {self.hotline_id}"
