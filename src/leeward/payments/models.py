"""Where money was asked for: each wallet, account or handle once, and where it was seen."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.payments.rules.records import LOCATION, REPORT

PLACES = (LOCATION, REPORT)


class Payee(models.Model):
    """One thing to which money was asked for. `key` is its value in the form in which two are compared."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    brand = models.CharField(max_length=40, blank=True, default="")
    value = models.CharField(max_length=1500)
    key = models.CharField(max_length=64)
    weak = models.BooleanField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # At how many places and in how many reports it was seen, and at how many places among them: long lists need not count.
    places = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hotline", "kind", "key"], name="payee_once")]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-last_at", "-id", "kind", "pages"], name="payee_newest"),
            models.Index(fields=["hotline", "kind", "-last_at", "-id", "pages"], name="payee_of_kind"),
            models.Index(fields=["hotline", "key"], name="payee_written"),
            models.Index(
                fields=["hotline", "-places", "-last_at", "-id", "kind"],
                condition=models.Q(places__gt=1),
                name="payee_several",
            ),
            models.Index(
                fields=["hotline", "-pages", "-last_at", "-id", "kind"],
                condition=models.Q(pages__gt=1),
                name="payee_several_pages",
            ),
        ]

    def __str__(self) -> str:
        return f"payee {self.pk}"


class Demand(models.Model):
    """A payee as it was seen at one place or in one report: what was asked for, and how often it was seen there."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    payee = models.ForeignKey(Payee, on_delete=models.CASCADE, related_name="demands", db_index=False)
    place = models.CharField(max_length=8, choices=[(place, place) for place in PLACES])
    number = models.BigIntegerField()
    amount = models.CharField(max_length=24, blank=True, default="")
    currency = models.CharField(max_length=8, blank=True, default="")
    descriptor = models.CharField(max_length=100, blank=True, default="")
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["payee", "place", "number"], name="demand_once")]
        indexes: ClassVar = [models.Index(fields=["hotline", "place", "number"], name="demand_where")]

    def __str__(self) -> str:
        return f"demand {self.pk}"
