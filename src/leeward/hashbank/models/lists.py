"""Lists on their way in and out: what was brought in, what waits, what is given out, and who fetches it."""

from django.db import models
from django_scopes import ScopedManager

from leeward.hashbank.models.records import Bank
from leeward.people.foreign_keys import to_hotline


class Import(models.Model):
    """Where records came from: the list, its file, who brought it in, what it changed and which rows were broken.

    `categories`: what the list calls its entries, with how many there are and what that was taken to mean. `options`: how it is read, as a
    person said; None where that was not kept.
    """

    hotline = to_hotline()
    source = models.CharField(max_length=80)
    format = models.CharField(max_length=20)
    profile = models.CharField(max_length=20, default="")
    categories = models.JSONField(default=dict)
    options = models.JSONField(null=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    joined = models.PositiveBigIntegerField(default=0)
    withdrawn = models.PositiveBigIntegerField(default=0)
    broken = models.PositiveBigIntegerField(default=0)
    problems = models.JSONField(default=list)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "-id"], name="import_newest")]

    def __str__(self) -> str:
        return f"import {self.pk}"


class Upload(models.Model):
    """A list that somebody sent from the desk and that waits in the spool: read for a preview, then brought in when they say so.

    `token` names its file; `seen` holds the preview as it was counted; a row outlives its file until the daily sweep.
    """

    hotline = to_hotline()
    token = models.CharField(max_length=32, unique=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    source = models.CharField(max_length=80, default="")
    bank = models.CharField(max_length=60, default="")
    harmless = models.BooleanField(default=False)
    format = models.CharField(max_length=20, default="")
    profile = models.CharField(max_length=20, default="")
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="unsaid")
    done_bytes = models.PositiveBigIntegerField(default=0)
    seen = models.JSONField(default=dict)
    problem = models.CharField(max_length=400, default="")
    by = models.BigIntegerField()
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    import_id = models.BigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "-id"], name="upload_newest")]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class HashList(models.Model):
    """A list for subscribers: which banks and kinds it holds, and how sure a record must be to be on it; or, `harmless`, known look-alikes."""

    hotline = to_hotline()
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=200, default="")
    banks = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    baseline_only = models.BooleanField(default=False)
    harmless = models.BooleanField(default=False)
    formats = models.JSONField(default=list)  # forms in which each version is made
    readers = models.JSONField(default=list)  # numbers of the keys that may fetch it
    selected_at = models.DateTimeField(
        null=True
    )  # since when it holds what it holds: steps from before would miss what left

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "name"], name="hash_list_once")]

    def __str__(self) -> str:
        return self.name


class ListVersion(models.Model):
    """One signed state of a list. `base` 0: everything; else the version that this one changes."""

    hotline = to_hotline()
    list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveBigIntegerField()
    base = models.PositiveBigIntegerField(default=0)
    revision = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    entries = models.PositiveBigIntegerField()
    drops = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "version", "base"], name="list_version_once")]

    def __str__(self) -> str:
        return f"version {self.version}"


class ListReader(models.Model):
    """A key that may fetch a list: what was last given to it and when, what it was last refused, what is wrong with that.

    `version` and `at` are those of the last good answer (0 and None: none yet), `failed_at` and `failure` of the first
    refusal since then.
    """

    hotline = to_hotline()
    list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="+", db_index=False)
    key_id = models.BigIntegerField()
    since = models.DateTimeField()
    form = models.CharField(max_length=20, default="")
    version = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=40, default="")
    alarm = models.CharField(max_length=20, default="")
    alarm_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "key_id"], name="list_reader_once")]
        indexes = [models.Index(fields=["hotline", "id"], name="list_reader_order")]

    def __str__(self) -> str:
        return f"key {self.key_id} of list {self.list_id}"
