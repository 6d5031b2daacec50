"""Test referrals to the police, the only part of the checklist that has no other source; portals handed over; what people ask about their data."""

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


class PortalHandOver(models.Model):
    """A portal that its hotline offers to another one: somebody there accepts or refuses it.

    `keys` are the API keys that go along. `became` is the portal there; `last_report` the newest report that went along:
    a later one is brought after it. Without `asked_by` or `settled_by`, whoever runs the server did it.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    to = models.ForeignKey("people.Hotline", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    keys = models.JSONField(default=list)
    asked_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    became = models.BigIntegerField(null=True)
    reports = models.PositiveIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    last_report = models.BigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")
    # It is between two hotlines.
    of_every_hotline = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["portal"], condition=models.Q(outcome=""), name="hand_over_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="hand_over_newest"),
            models.Index(fields=["to", "outcome"], name="hand_over_to"),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class PersonRequest(models.Model):
    """Somebody wants to know what is here about them, or wants it erased: one person asks for it, another confirms it.

    `subject` is the number of what `kind` names: a report, an outside appeal, an account, an entry of the directory, a record of
    training, a provider's clerk.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    subject = models.BigIntegerField()
    act = models.CharField(max_length=6)
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hotline", "kind", "subject", "act"], condition=models.Q(outcome=""), name="person_request_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["hotline", "-id"], name="person_request_newest")]

    def __str__(self) -> str:
        return f"request {self.pk} about a person"
