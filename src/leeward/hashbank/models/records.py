"""What is known: banks, records, their hashes, who says what of them, what police do, where they were seen.

`revision` numbers every change of a hotline's bank; a version of a list covers the revisions up to one, so the next one
holds only what came after it.
"""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline


class BankClock(models.Model):
    """The last revision of a hotline's bank; locked by whoever changes it, so that changes have one order."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveBigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"revision {self.revision}"


class Bank(models.Model):
    """A group of records with a radius of its own; a harmless bank holds known look-alikes that are no match."""

    hotline = to_hotline()
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

    hotline = to_hotline()
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

    hotline = to_hotline()
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

    hotline = to_hotline()
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

    hotline = to_hotline()
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

    hotline = to_hotline()
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

    hotline = to_hotline()
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "id"], name="index_change_order")]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"
