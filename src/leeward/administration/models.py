"""Test referrals to the police: the only part of the checklist that has no other source."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager


class ReferralTest(models.Model):
    """A letter to a portal's police contact that concerns no case, and whether they confirmed it through its link."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+")
    to = models.EmailField()
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    code = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")
    # The link names the test, not the hotline.
    of_every_hotline = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["portal", "-id"], name="referral_test_newest")]

    def __str__(self) -> str:
        return f"referral test {self.pk}"
