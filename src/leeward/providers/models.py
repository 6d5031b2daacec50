"""Providers, who works for them and with which keys; their batches and lines; what was decided about a line; designated entities."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person


class Provider(models.Model):
    """One provider that must report: `asked` until somebody approves it. `countries`: where it works.

    Its own pages open by a link with `page_serial`, while `page_is_open`.
    """

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    legal_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    countries = models.JSONField(default=list)
    security_email = models.CharField(max_length=254)
    security_phone = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, default="asked")
    asked_at = models.DateTimeField()
    asked_by = to_person(null=True)  # empty: the provider itself, on the public page
    # The first of two that let in one that registered itself, or was suspended.
    proposed_at = models.DateTimeField(null=True)
    proposed_by = to_person(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = to_person(null=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    page_serial = models.PositiveIntegerField(default=0)
    page_is_open = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")
    of_every_hotline = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="provider_newest"),
            models.Index(fields=["hotline", "state", "-id"], name="provider_by_state"),
        ]

    def __str__(self) -> str:
        return f"provider {self.pk}"


class ProviderPerson(models.Model):
    """Somebody who may act for a provider: its administrator, the replacement, or who reports."""

    hotline = to_hotline()
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="persons")
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=13)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"person {self.pk} of a provider"


class ProviderKey(models.Model):
    """Which provider an API key of the scope `provider` belongs to; what comes by one of the sandbox reaches no queue.
    `stopped_at`: the provider itself said that it is no longer safe."""

    hotline = to_hotline()
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="keys")
    token = models.OneToOneField("people.ApiToken", on_delete=models.PROTECT, related_name="+")
    is_sandbox = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"key {self.pk} of a provider"


class ProviderBatch(models.Model):
    """What came at once and has one receipt. `once` is the digest of its idempotency key, `body` that of what was sent; `answers` are
    those of the lines that were not stored: number, code, field or incident. `row_number`: its row of the log."""

    hotline = to_hotline()
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=4)
    once = models.CharField(max_length=64)
    body = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    answers = models.JSONField(default=list)
    urgent = models.PositiveIntegerField(default=0)
    is_sandbox = models.BooleanField(default=False)
    root = models.CharField(max_length=64, blank=True, default="")
    received_at = models.DateTimeField()
    row_number = models.BigIntegerField(default=0)
    signature = models.CharField(max_length=100, blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["provider", "once"], name="provider_batch_once")]
        indexes: ClassVar = [models.Index(fields=["provider", "-id"], name="provider_batch_newest")]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class ProviderLine(models.Model):
    """One line: `facts` is what was sent, in its canonical form (`rules/line.py`), `digest` its SHA-256. `first`: the report that a
    later one is about; `folded_into`: the line about the same thing that became the case; `remind_at`: when its provider is next
    written to about its evidence."""

    hotline = to_hotline()
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(ProviderBatch, on_delete=models.PROTECT, related_name="all_lines", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    first = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=100, blank=True, default="")
    priority = models.CharField(max_length=2, blank=True, default="")
    raised = models.CharField(max_length=6, blank=True, default="")
    digest = models.CharField(max_length=64)
    facts = models.TextField()
    known_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=9)
    is_sandbox = models.BooleanField(default=False)
    fold = models.CharField(max_length=32, blank=True, default="")
    folded_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    report_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField(null=True)
    suspicion = models.CharField(max_length=9, blank=True, default="")
    keep_until = models.DateTimeField(null=True)
    is_destroyed_then = models.BooleanField(default=False)
    held_until = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "number"], name="provider_line_number"),
            models.UniqueConstraint(fields=["provider", "digest", "is_sandbox"], name="provider_line_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["hotline", "-id"], name="provider_line_newest"),
            models.Index(fields=["provider", "-id"], name="provider_line_of"),
            models.Index(fields=["hotline", "state", "id"], name="provider_line_by_state"),
            models.Index(
                fields=["hotline", "opened_at"], condition=~models.Q(raised=""), name="provider_line_urgent_opened"
            ),
            models.Index(fields=["hotline", "fold"], condition=~models.Q(fold=""), name="provider_line_fold"),
            models.Index(
                fields=["hotline", "remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="provider_line_remind",
            ),
            models.Index(
                fields=["hotline", "state"],
                condition=~models.Q(raised="") & models.Q(state="waiting"),
                name="provider_line_first",
            ),
            models.Index(
                fields=["hotline", "provider", "id"],
                condition=models.Q(state="waiting", raised=""),
                name="provider_line_turn",
            ),
            models.Index(fields=["first"], condition=models.Q(first__isnull=False), name="provider_line_later"),
            models.Index(
                fields=["provider", "keep_until"],
                condition=models.Q(keep_until__isnull=False, destroyed_at__isnull=True),
                name="provider_line_preserved",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"


class LineDecision(models.Model):
    """What was decided about a line, newest last: a suspicion with its reasons, a legal hold by an order, that it was destroyed.
    Nothing is taken back: a later one stands beside it."""

    hotline = to_hotline()
    line = models.ForeignKey(ProviderLine, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=9)
    value = models.CharField(max_length=11)
    reason = models.CharField(max_length=2000, blank=True, default="")
    until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = to_person(null=True)  # empty: the provider

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"decision {self.pk}"


class DesignatedEntity(models.Model):
    """To whom the regulations of a country say that it is reported, from when until when, with their source."""

    hotline = to_hotline()
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=200)
    for_whom = models.CharField(max_length=200)
    instrument = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True)
    source = models.CharField(max_length=300)
    added_at = models.DateTimeField()
    added_by = to_person(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hotline", "-since", "-id"], name="provider_entity_newest")]

    def __str__(self) -> str:
        return self.name
