"""Locations, what was found out about them, and what was seen there. Never content."""

import json
from collections.abc import Mapping

from django.db import models
from django_scopes import ScopedManager

from leeward.sealing.fields import SealedText


class Location(models.Model):
    """One canonical place, once per hotline: a web or onion address, a shared file, an account, a number."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=64)
    display = models.TextField()
    comparable = models.TextField()
    service = models.CharField(max_length=100, blank=True, default="")
    host = models.CharField(max_length=255, blank=True, default="")
    way = SealedText(blank=True, default="", db_default="")  # `access`, as JSON
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "key"], name="location_once")]
        indexes = [models.Index(fields=["hotline", "host"], name="location_host")]

    @property
    def access(self) -> dict[str, str]:
        """Return how a page is reached: `user`, `password`, `referrer`; nothing where that can't be opened."""
        try:
            return dict(json.loads(self.way or "{}"))
        except ValueError:
            return {}

    @access.setter
    def access(self, details: Mapping[str, str]) -> None:
        self.way = json.dumps(dict(details), sort_keys=True) if details else ""

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Finding(models.Model):
    """Something learned about a location, with its source and time; a correction by a person takes precedence."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=24)
    value = models.TextField()
    source = models.CharField(max_length=120)
    at = models.DateTimeField()
    corrected_by = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["location", "kind", "-at"], name="finding_latest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.location_id}"


class Fetch(models.Model):
    """One visit to a location: its outcome, and the page's hash."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="fetches")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=24)
    reason = models.CharField(max_length=32, blank=True, default="")
    status = models.PositiveIntegerField(default=0)
    final_url = models.TextField(blank=True, default="")
    content_type = models.CharField(max_length=100, blank=True, default="")
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    text_print = models.CharField(max_length=16, blank=True, default="")
    files_named = models.PositiveIntegerField(default=0)
    tls_problem = models.CharField(max_length=120, blank=True, default="")
    duration_ms = models.PositiveIntegerField(default=0)
    # How much is still to be fetched because the host's budget was used up, and on whose behalf.
    waiting = models.PositiveIntegerField(default=0)
    on_behalf = models.CharField(max_length=40, blank=True, default="")
    with_windows = models.BooleanField(default=False)  # whether windows of its pictures were asked for

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["location", "-at"], name="fetch_latest")]

    def __str__(self) -> str:
        return f"{self.outcome} of {self.location_id}"


class FoundFile(models.Model):
    """A picture or video shown by a page: its fingerprints, never the file itself."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+")
    fetch = models.ForeignKey(Fetch, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    url = models.TextField()
    media = models.CharField(max_length=8)
    problem = models.CharField(max_length=32, blank=True, default="")
    content_type = models.CharField(max_length=100, blank=True, default="")
    bytes = models.PositiveBigIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    md5 = models.CharField(max_length=32, blank=True, default="")
    sha1 = models.CharField(max_length=40, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    pdq = models.CharField(max_length=64, blank=True, default="")
    pdq_quality = models.PositiveIntegerField(default=0)
    pdq_nn512 = models.CharField(max_length=64, blank=True, default="")
    licensed = models.JSONField(blank=True, default=dict)  # codes of adapters for licensed hashes, hexadecimal by kind
    variants = models.JSONField(blank=True, default=list)  # what it may have been before it was altered
    windows = models.BinaryField(blank=True, default=b"")  # codes of parts of it, until the case is decided

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "sha256"], name="found_file_sha256"),
            models.Index(fields=["hotline", "md5"], name="found_file_md5"),
            models.Index(fields=["hotline", "sha1"], name="found_file_sha1"),
            models.Index(fields=["hotline", "pdq"], name="found_file_pdq"),
        ]

    def __str__(self) -> str:
        return f"{self.media} {self.pk}"


class NameRecord(models.Model):
    """What a registry said of a registered name from one moment on; the next row begins where something else was said.

    `holder` is the registrant's data: personal, shown for a reason that is logged, and emptied after `LEEWARD_REGISTRANT_DAYS`.
    `holder_key` is what is left then: a keyed hash by which the same registrant is recognised. `place_id` is the place for which it
    was asked last.
    """

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=253)
    end = models.CharField(max_length=63)  # its top-level domain
    source = models.CharField(max_length=8)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    registrar = models.CharField(max_length=200, blank=True, default="")
    registrar_abuse = models.JSONField(default=list, blank=True)
    statuses = models.JSONField(default=list, blank=True)
    is_suspended = models.BooleanField(default=False)
    created = models.CharField(max_length=10, blank=True, default="")
    expires = models.CharField(max_length=10, blank=True, default="")
    nameservers = models.JSONField(default=list, blank=True)
    redacted = models.JSONField(default=list, blank=True)
    holder = models.JSONField(default=dict, blank=True)
    has_holder = models.BooleanField(default=False)
    holder_key = models.CharField(max_length=64, blank=True, default="")
    place_id = models.BigIntegerField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "name", "-id"], name="name_record_newest"),
            models.Index(fields=["hotline", "end", "-id"], name="name_record_end"),
            models.Index(fields=["hotline", "holder_key", "-id"], name="name_record_holder"),
            models.Index(
                fields=["hotline", "last_at"], condition=models.Q(has_holder=True), name="name_record_to_forget"
            ),
        ]

    def __str__(self) -> str:
        return f"name record {self.pk}"


class NameHop(models.Model):
    """That a name joined the timeline of another: the same content or registrant was seen under both. One row for each
    pair, so that it is told once: a name that gets another registrant can join another one."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=253)
    other = models.CharField(max_length=253)
    by = models.JSONField(default=list)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "name", "other"], name="name_hop_once")]
        indexes = [models.Index(fields=["hotline", "other"], name="name_hop_other")]

    def __str__(self) -> str:
        return f"name hop {self.pk}"
