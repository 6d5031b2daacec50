"""The hash bank's tables: built for ten million hashes, so every index is one that a list or a look-up walks along.

`revision` numbers every change of a hotline's bank; a version of a list covers the revisions up to one, so the next one
holds only what came after it.
"""

from typing import Any

from django.db import models
from django_scopes import ScopedManager


def _hotline() -> Any:
    return models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)


class BankClock(models.Model):
    """The last revision of a hotline's bank; locked by whoever changes it, so that changes have one order."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveBigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"revision {self.revision}"


class Bank(models.Model):
    """A group of records with a radius of its own; a harmless bank holds known look-alikes that are no match."""

    hotline = _hotline()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    radius = models.PositiveSmallIntegerField(default=31)
    harmless = models.BooleanField(default=False)
    paused_until = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hotline", "number"], name="bank_number_once"),
            models.UniqueConstraint(fields=["hotline", "name"], name="bank_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """One known image, video or file: facts, never names, words or content. `facts` leaves out what is unknown."""

    hotline = _hotline()
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="+", db_index=False)
    revision = models.PositiveBigIntegerField()
    media = models.CharField(max_length=10, default="image")
    state = models.CharField(max_length=12, default="confirmed")
    is_baseline = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    series = models.CharField(max_length=120, default="")
    victim_status = models.CharField(max_length=12, default="unknown")
    offender_status = models.CharField(max_length=12, default="unknown")
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    brought_by = models.BigIntegerField(default=0)  # number of the import; 0: entered or from a case

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "revision"], name="record_revision"),
            models.Index(
                fields=["hotline", "state"], condition=~models.Q(state="confirmed"), name="record_not_confirmed"
            ),
            models.Index(fields=["hotline", "series"], condition=~models.Q(series=""), name="record_series"),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class RecordHash(models.Model):
    """One hash of a record; `kind` is a number of rules/kinds.py, `key` the first 8 bytes of `value`: the look-up walks along
    them, which keeps the index of ten million small. `aside`: kept out of every match until a person says."""

    hotline = _hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="hashes", db_index=False)
    kind = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()
    value = models.BinaryField(max_length=144)
    quality = models.PositiveSmallIntegerField(null=True)
    second = models.FloatField(null=True)
    aside = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [  # each begins with the hotline, which is part of every question
            models.Index(fields=["hotline", "key"], name="hash_key"),
            models.Index(fields=["hotline", "record"], name="hash_record"),
        ]

    def __str__(self) -> str:
        return f"hash {self.pk}"


class Vote(models.Model):
    """What one hotline or agency says of a record; `label` is its own word for what is shown (A1, category 2…), `foreign_id`
    its own number for the record: by it a list takes back what it said."""

    hotline = _hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="votes", db_index=False)
    source = models.CharField(max_length=80)
    verdict = models.CharField(max_length=12)
    label = models.CharField(max_length=40, default="")
    foreign_id = models.CharField(max_length=60, default="")
    at = models.DateTimeField()
    case_id = models.BigIntegerField(default=0)
    brought_by = models.BigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "source"], name="vote_once")]
        indexes = [
            models.Index(fields=["hotline", "foreign_id"], condition=~models.Q(foreign_id=""), name="vote_foreign_id")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.source}"


class Investigation(models.Model):
    """What police do about a record: whom to call and what came of it. `restricted`: told to nobody else."""

    hotline = _hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="investigations")
    agency = models.CharField(max_length=120)
    reference = models.CharField(max_length=80)
    contact = models.CharField(max_length=200, default="")
    outcome = models.CharField(max_length=20, default="open")
    restricted = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "agency", "reference"], name="investigation_once")]

    def __str__(self) -> str:
        return f"{self.agency} {self.reference}"


class Sighting(models.Model):
    """A case in which a record was seen; `match` is known or near."""

    hotline = _hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="sightings", db_index=False)
    case_id = models.BigIntegerField()
    match = models.CharField(max_length=5, default="known")
    distance_bits = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "record", "case_id"], name="sighting_once")]
        indexes = [models.Index(fields=["hotline", "case_id"], name="sighting_case")]

    def __str__(self) -> str:
        return f"record {self.record_id} in case {self.case_id}"


class IndexChange(models.Model):
    """What an index file has to take in: something about the hashes numbered `first` to `last` changed, or they are new."""

    hotline = _hotline()
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "id"], name="index_change_order")]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class HashTally(models.Model):
    """How often a hash matched on a day: its history, for the flood guard."""

    hotline = _hotline()
    hash = models.ForeignKey(RecordHash, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    matches = models.PositiveIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash", "day"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.matches} on {self.day}"


class Quarantine(models.Model):
    """A hash that was put aside until a person looks: it matched far more than its history, or somebody called it false."""

    hotline = _hotline()
    hash = models.ForeignKey(RecordHash, on_delete=models.CASCADE, related_name="quarantines")
    why = models.CharField(max_length=16)
    matches = models.PositiveIntegerField(default=0)
    usual = models.FloatField(default=0)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, default="")
    kept = models.BooleanField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "at"], condition=models.Q(settled_at__isnull=True), name="quarantine_open")
        ]

    def __str__(self) -> str:
        return f"quarantine {self.pk}"


class Feedback(models.Model):
    """What a subscriber says of a match: it was right or it was not."""

    hotline = _hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="feedback", db_index=False)
    source = models.CharField(max_length=80)
    is_true = models.BooleanField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "source"], name="feedback_once")]

    def __str__(self) -> str:
        return f"{self.source}: {'right' if self.is_true else 'wrong'}"


class Import(models.Model):
    """Where records came from: the list, its file, who brought it in, what it changed and which rows were broken."""

    hotline = _hotline()
    source = models.CharField(max_length=80)
    format = models.CharField(max_length=20)
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


class HashList(models.Model):
    """A list for subscribers: which banks and kinds it holds, and how sure a record must be to be on it."""

    hotline = _hotline()
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=200, default="")
    banks = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    baseline_only = models.BooleanField(default=False)
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

    hotline = _hotline()
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


class Inquiry(models.Model):
    """What an agency asks for one of its cases: whom to call about it, how much was asked and found; never what was asked.

    `restriction` names the written order that forbids telling other agencies; empty where there is none.
    """

    hotline = _hotline()
    agency = models.CharField(max_length=120)
    reference = models.CharField(max_length=80)
    contact = models.CharField(max_length=200, default="")
    restriction = models.CharField(max_length=120, default="")
    by = models.CharField(max_length=40)
    asked = models.PositiveBigIntegerField(default=0)
    found = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "agency", "reference"], name="inquiry_once")]
        indexes = [models.Index(fields=["hotline", "-last_at"], name="inquiry_newest")]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"


class InquiryMatch(models.Model):
    """A record that an agency asked about: what tells two agencies of each other."""

    hotline = _hotline()
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="matches", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="inquiry_matches")
    match = models.CharField(max_length=5, default="known")
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "record"], name="inquiry_match_once")]

    def __str__(self) -> str:
        return f"record {self.record_id} in inquiry {self.inquiry_id}"


class Upload(models.Model):
    """A list that somebody sent from the desk and that waits in the spool: read for a preview, then brought in when they say so.

    `token` names its file; `seen` holds the preview as it was counted; a row outlives its file until the daily sweep.
    """

    hotline = _hotline()
    token = models.CharField(max_length=32, unique=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    source = models.CharField(max_length=80, default="")
    bank = models.CharField(max_length=60, default="")
    harmless = models.BooleanField(default=False)
    format = models.CharField(max_length=20, default="")
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
