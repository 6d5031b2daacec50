"""Tips that came from abroad, and each version of them."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person

WAITING, HELD, OPENED, FOLDED, CLOSED = "waiting", "held", "opened", "folded", "closed"
STATES = (WAITING, HELD, OPENED, FOLDED, CLOSED)
WAYS = ("desk", "command", "mail")
BY_MAIL = "mail "  # so begins the key of the sender of what came by mail


class TipRow(models.Model):
    """One tip, whatever its newest version: `waiting` to become a report by itself, `held` for a person (`doubts` are
    why), `opened` as a report, `folded` into the first of its `bundle`, or `closed` without a report.

    `sender` is empty where the number is unique without it.
    """

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    system = models.CharField(max_length=10)
    sender_key = models.CharField(max_length=200, blank=True, default="")
    number = models.CharField(max_length=100)
    sender = models.CharField(max_length=200, blank=True, default="")
    provider = models.CharField(max_length=200, blank=True, default="")
    label = models.CharField(max_length=13, default="unknown")
    incident = models.CharField(max_length=200, blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    raised = models.JSONField(default=list)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8)
    doubts = models.JSONField(default=list)
    fold = models.CharField(max_length=32, blank=True, default="")
    bundle = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    versions = models.PositiveIntegerField(default=1)
    arrived_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    report_id = models.BigIntegerField(null=True)
    assigned_to = to_person(null=True)
    outcome = models.CharField(max_length=13, blank=True, default="")
    outcome_at = models.DateTimeField(null=True)
    outcome_by = to_person(null=True)
    # The facts of its versions were deleted; what it was and what became of it stays.
    forgotten_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hotline", "number", "system", "sender_key"], name="tip_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="tip_newest"),
            models.Index(fields=["hotline", "state", "-is_urgent", "id"], name="tip_by_state"),
            models.Index(fields=["hotline", "fold"], condition=~models.Q(fold=""), name="tip_fold"),
            models.Index(fields=["hotline", "opened_at"], condition=models.Q(is_urgent=True), name="tip_urgent_opened"),
            models.Index(fields=["bundle"], condition=models.Q(bundle__isnull=False), name="tip_bundle"),
        ]

    def __str__(self) -> str:
        return f"tip {self.pk}"


class TipVersion(models.Model):
    """A tip as it was once sent: its facts (`rules/tip.py`), who brought it, by which way, in which file."""

    hotline = to_hotline()
    tip = models.ForeignKey(TipRow, on_delete=models.PROTECT, related_name="all_versions", db_index=False)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    name = models.CharField(max_length=200, blank=True, default="")
    way = models.CharField(max_length=8)
    at = models.DateTimeField()
    by = to_person(null=True)  # empty: whoever runs the server, or the mailbox

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tip", "digest"], name="tip_version_once"),
            models.UniqueConstraint(fields=["tip", "number"], name="tip_version_number"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of tip {self.tip_id}"
