"""Whom notices and referrals go to."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.notices.models.choices import choices
from leeward.notices.rules.at_risk import SERVICES

CONTACT_KINDS = (
    "police",
    "protection",
    "hotline",
    "host",
    "owner",
    "upstream",
    "registrar",
    "payment",
    "fiu",
    "registry",
    "icann",
)


class Contact(models.Model):
    """Somebody outside to whom we can write."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=choices(CONTACT_KINDS))
    # What a child-protection contact is, if that is known.
    service = models.CharField(max_length=8, blank=True, default="", choices=choices(SERVICES))
    country = models.CharField(max_length=2, blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    email = models.EmailField()
    languages = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=40, blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    # Imported from the shipped tables and not confirmed by anybody yet: no case goes there. `origin` is where it was
    # found, and when.
    unconfirmed = models.BooleanField(default=False)
    origin = models.CharField(max_length=200, blank=True, default="")
    # Since when it counts as bad: nothing is sent there automatically. The counts restart with each sign of life.
    bounced_at = models.DateTimeField(null=True)
    bounces_hard = models.PositiveIntegerField(default=0)
    bounces_soft = models.PositiveIntegerField(default=0)
    # With a certificate, everything is encrypted to it; what can't be encrypted is not sent.
    certificate = models.TextField(blank=True, default="")
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    key_expires_at = models.DateTimeField(null=True)
    # How its most recent notices were answered (`services/measuring.py`).
    asked = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    verified = models.PositiveIntegerField(default=0)  # those of them that were seen to be so
    wrong = models.PositiveIntegerField(default=0)
    median_minutes = models.PositiveIntegerField(null=True)
    retired = models.BooleanField(default=False)
    # The page with every open address: the serial number of its valid link (a renewed one has the next number), whether
    # the link works at all, and whether notices include it. The link itself is stored nowhere.
    page_serial = models.PositiveIntegerField(default=0)
    page_is_open = models.BooleanField(default=False)
    page_is_told = models.BooleanField(default=False)
    # The channel for notices by name (see `channels/registry.py`), "" for mail, and the answers from its part of the
    # contact's page.
    channel = models.CharField(max_length=20, blank=True, default="")
    channel_answers = models.JSONField(default=dict, blank=True)
    # For programs: an X-ARF report beside the text, and an address to which notices are posted instead of being mailed.
    # The signing secret is derived from the serial number (a renewed one has the next); the secret itself is stored
    # nowhere.
    wants_xarf = models.BooleanField(default=False)
    webhook_url = models.CharField(max_length=500, blank=True, default="")
    webhook_serial = models.PositiveIntegerField(default=0)
    webhook_renewed_at = models.DateTimeField(null=True)
    # Who was shown the newest secret: it is replaced when they leave.
    webhook_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = ScopedManager(hotline="hotline")
    # The link names the contact, not the hotline.
    of_every_hotline = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "kind", "country", "email"], name="contact_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "email"], name="contact_email"),
            models.Index(fields=["hotline", "kind", "-due"], condition=models.Q(due__gte=1), name="contact_due"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"
