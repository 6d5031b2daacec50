"""Publications and stopped attempts, subscribers and their fetches, tests, commitments, counts of the stop page."""

import builtins
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline

STATES = ("published", "stopped")
WHYS = ("duty", "removal", "person", "rollback", "subscriber")
SUBSCRIBER_KINDS = ("access", "mobile", "search", "host", "school", "other")
DNS_ACTIONS = ("no_such_name", "stop_name", "stop_addresses")
ANSWERS = ("blocked", "open")
COMMITMENTS = ("support_hotline", "notice_and_takedown", "block_list")


def _list() -> Any:
    return models.ForeignKey("blocklist.BlockList", on_delete=models.PROTECT, related_name="+", db_index=False)


class ListSettings(models.Model):
    """A hotline's settings for all its lists: names for tests and canaries, the zone, the stop page."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.PROTECT, related_name="+", primary_key=True)
    test_domain = models.CharField(max_length=200, blank=True, default="")
    canary_domains = models.JSONField(default=builtins.list)
    zone_suffix = models.CharField(max_length=200, blank=True, default="")
    primary_name = models.CharField(max_length=200, blank=True, default="")
    mailbox_name = models.CharField(max_length=200, blank=True, default="")
    stop_name = models.CharField(max_length=200, blank=True, default="")
    stop_addresses = models.JSONField(default=builtins.list)
    gives_networks = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"settings of the lists of hotline {self.hotline_id}"


class Publication(models.Model):
    """A published state of a list, or an attempt that a gate stopped. Never changed once written.

    `sha256` names the file of its entries; a stopped attempt has neither that nor a serial.
    """

    hotline = to_hotline()
    list = _list()
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES])
    serial = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=10, choices=[(why, why) for why in WHYS])
    back_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    only_removals = models.BooleanField(default=False)
    entries = models.PositiveIntegerField()
    by_scope = models.JSONField(default=dict)
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    failures = models.JSONField(default=builtins.list)
    accepted = models.JSONField(default=builtins.list)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    signature = models.CharField(max_length=100, blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "serial"], name="publication_serial_once")]
        indexes = [
            models.Index(fields=["list", "-id"], name="publication_newest"),
            models.Index(fields=["list", "state", "-id"], name="publication_by_state"),
        ]

    def __str__(self) -> str:
        return f"publication {self.pk}"


class Hold(models.Model):
    """A list that was rolled back: no additions until a person resumes it. `then_sha256` names the entries at that
    time.
    """

    hotline = to_hotline()
    list = models.OneToOneField("blocklist.BlockList", on_delete=models.PROTECT, related_name="+", primary_key=True)
    reason = models.CharField(max_length=300)
    then_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"hold of list {self.list_id}"


class Subscriber(models.Model):
    """A subscriber and its contract: which lists, in which formats, with which key. `slug` never changes, because
    canaries are derived from it.
    """

    hotline = to_hotline()
    slug = models.SlugField(max_length=40, db_index=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in SUBSCRIBER_KINDS])
    contact = models.CharField(max_length=200, blank=True, default="")
    lists = models.ManyToManyField("blocklist.BlockList", related_name="+")
    formats = models.JSONField(default=builtins.list)
    is_trusted = models.BooleanField(default=False)
    takes_plain_addresses = models.BooleanField(default=False)
    certificate = models.TextField(blank=True, default="")
    dns_action = models.CharField(
        max_length=14, choices=[(action, action) for action in DNS_ACTIONS], default="no_such_name"
    )
    notify = models.JSONField(default=builtins.list)
    token = models.ForeignKey("people.ApiToken", null=True, on_delete=models.PROTECT, related_name="+", db_index=True)
    added_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    alarm = models.CharField(max_length=20, blank=True, default="")
    alarm_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "slug"], name="subscriber_slug_once")]
        indexes = [models.Index(fields=["hotline", "name", "id"], name="subscriber_by_name")]

    def __str__(self) -> str:
        return self.name


class Fetch(models.Model):
    """The last time a subscriber fetched a list in one format, and the serial it then held; nothing else is kept."""

    hotline = to_hotline()
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="fetches", db_index=False)
    list = _list()
    form = models.CharField(max_length=12)
    serial = models.BigIntegerField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "list", "form"], name="fetch_once")]

    def __str__(self) -> str:
        return f"fetch {self.pk}"


class ListTest(models.Model):
    """A subscriber's quarterly test of a list: the request and the result."""

    hotline = to_hotline()
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="tests", db_index=False)
    list = _list()
    quarter = models.CharField(max_length=7)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=7, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    by_programme = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "list", "quarter"], name="list_test_once")]
        indexes = [models.Index(fields=["hotline", "quarter"], name="list_test_quarter")]

    def __str__(self) -> str:
        return f"test {self.pk}"


class Evidence(models.Model):
    """A dated record that an operator keeps one of its commitments."""

    hotline = to_hotline()
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    commitment = models.CharField(max_length=20, choices=[(one, one) for one in COMMITMENTS])
    on = models.DateField()
    description = models.CharField(max_length=500)
    source = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "subscriber", "-on", "-id"], name="evidence_newest")]

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class StopCount(models.Model):
    """The total number of times the stop page was shown on one day. Nothing is kept about who saw it, from where or
    why.
    """

    day = models.DateField(primary_key=True)
    shown = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.shown}"
