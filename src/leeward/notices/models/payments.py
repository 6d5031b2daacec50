"""Alerts to payment firms, and what they answered."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.notices.models.choices import choices
from leeward.notices.models.contacts import Contact
from leeward.notices.rules.payments import PAYMENT_ANSWERS, PAYMENT_STATES
from leeward.people.foreign_keys import to_person


class PaymentAlert(models.Model):
    """What one firm was told about one payee, and its answer. `withdraws` is the alert that this one takes back.

    `due_at`: by when an answer is expected; set when it was sent.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", db_index=False)
    payee_id = models.BigIntegerField()
    brief = models.JSONField()
    state = models.CharField(max_length=8, choices=choices(PAYMENT_STATES), default="waiting")
    answer = models.CharField(max_length=14, choices=choices(PAYMENT_ANSWERS), default="none")
    note = models.TextField(blank=True, default="")
    withdraws = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="withdrawn_by", db_index=False
    )
    by = to_person(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")
    # The link names the alert, not the hotline.
    of_every_hotline = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="payment_alert_newest"),
            models.Index(fields=["hotline", "payee_id", "-id"], name="payment_alert_payee"),
            models.Index(fields=["contact", "-id"], name="payment_alert_contact"),
            models.Index(
                fields=["hotline", "-id"],
                condition=models.Q(answer="none", withdraws__isnull=True),
                name="payment_alert_open",
            ),
            models.Index(fields=["withdraws"], condition=models.Q(withdraws__isnull=False), name="payment_alert_back"),
        ]

    def __str__(self) -> str:
        return f"payment alert {self.pk}"


class PaymentAlertCase(models.Model):
    """A case that an alert rests on."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    alert = models.ForeignKey(PaymentAlert, on_delete=models.CASCADE, related_name="cases", db_index=False)
    case_id = models.BigIntegerField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["alert", "case_id"], name="payment_alert_case_once")]
        indexes: ClassVar = [models.Index(fields=["hotline", "case_id"], name="payment_alert_of_case")]

    def __str__(self) -> str:
        return f"case {self.case_id} of payment alert {self.alert_id}"
