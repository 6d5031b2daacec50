"""Lists that come in and lists that go out: imports, uploads that wait, publications and who fetches them."""

from django.db import models
from django_scopes import ScopedManager

from leeward.hashbank.models.records import Bank
from leeward.people.foreign_keys import to_hotline


class Import(models.Model):
    """An import: the list, its file, who imported it, what it changed and which rows were broken.

    `categories`: the list's categories with their counts and the meaning they were given. `options`: how the list was
    read; None where that was not recorded. `second_by`: who confirmed it as the second person.
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
    second_by = models.CharField(max_length=40, default="")
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
    """A list sent from the desk that waits in the spool: read for a preview, then imported when its sender confirms, and
    a second person too where it does more than add votes (`proposed_at`, `second_by`).

    `token` names its file; `seen` holds the counts of the preview; the row outlives its file until the daily sweep.
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
    proposed_at = models.DateTimeField(null=True)
    second_by = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    import_id = models.BigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "-id"], name="upload_newest")]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class HashList(models.Model):
    """A list for subscribers: its banks and kinds, and how certain a record must be; or, if `harmless`, the known
    look-alikes.
    """

    hotline = to_hotline()
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=200, default="")
    banks = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    baseline_only = models.BooleanField(default=False)
    harmless = models.BooleanField(default=False)
    formats = models.JSONField(default=list)  # formats in which each version is made
    readers = models.JSONField(default=list)  # ids of the keys that may fetch it
    selected_at = models.DateTimeField(
        null=True
    )  # when its selection last changed: changes since an earlier version would be incomplete

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "name"], name="hash_list_once")]

    def __str__(self) -> str:
        return self.name


class ListVersion(models.Model):
    """One signed state of a list. `base`: the version it updates, or 0 where it is complete."""

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
    """A key that may fetch a list: what it fetched last and when, its last refusal, and its alarm.

    `version` and `at` belong to the last successful fetch (0 and None: none yet). `failed_at` is the first
    refusal since then, `failure` the reason of the latest.
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
