"""What is known: banks, records and their memberships, hashes, sources and their votes, what people settled, what police do, sightings.

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
    keeps_windows = models.BooleanField(default=False)  # of files that are hashed here
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
    """One known image, video or file: facts, never names, words or content. `facts` leaves out what is unknown.

    `state`, `is_baseline` and `facts` follow from the votes (`rules/standing.py`) and stand here so that millions can be listed by them.
    """

    hotline = to_hotline()
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
    them, which keeps the index of ten million small. `aside`: kept out of every match until a person says. `kept_here`: only entries brought it
    that may not be passed on."""

    hotline = to_hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="hashes", db_index=False)
    kind = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()
    value = models.BinaryField(max_length=144)
    quality = models.PositiveSmallIntegerField(null=True)
    second = models.FloatField(null=True)
    aside = models.BooleanField(default=False)
    kept_here = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [  # each begins with the hotline, which is part of every question
            models.Index(fields=["hotline", "key"], name="hash_key"),
            models.Index(fields=["hotline", "record"], name="hash_record"),
        ]

    def __str__(self) -> str:
        return f"hash {self.pk}"


class RecordWindow(models.Model):
    """The PDQ code of a part of a picture that was hashed here, by which crops of it are found. No hash of the picture: it is never given out."""

    hotline = to_hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="windows", db_index=False)
    code = models.BinaryField(max_length=32)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "id"], name="window_order"),
            models.Index(fields=["hotline", "record"], name="window_record"),
        ]

    def __str__(self) -> str:
        return f"window {self.pk}"


class Membership(models.Model):
    """That a record is in a bank. What the record means does not follow from it."""

    hotline = to_hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="memberships")
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="+", db_index=False)
    brought_by = models.BigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "record"], name="membership_once")]

    def __str__(self) -> str:
        return f"record {self.record_id} in bank {self.bank_id}"


class Source(models.Model):
    """Somebody who says what records are, under an agreed name. `name_key`: the name without differences of case and spacing.

    `is_ours`: this hotline. `vouches`: its lists name members whose votes count as their own. `merged_into`: the same source under another name, as a
    person found; None for none.
    """

    hotline = to_hotline()
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80)
    is_ours = models.BooleanField(default=False)
    vouches = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    merged_by = models.CharField(max_length=40, default="")
    merged_at = models.DateTimeField(null=True)
    first_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "name_key"], name="source_once")]

    def __str__(self) -> str:
        return self.name


class SourceChange(models.Model):
    """What a person proposes about who a source is; it counts once a second person has confirmed it. `act`: merge (into another), separate,
    vouch (for its members) or doubt (them)."""

    hotline = to_hotline()
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="changes", db_index=False)
    act = models.CharField(max_length=8)
    into = models.ForeignKey(Source, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    answered_by = models.CharField(max_length=40, default="")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(answered_at__isnull=True), name="source_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} source {self.source_id}"


class Vote(models.Model):
    """What one source says of a record. `via`: whose list brought it; `label`: its own word for what is shown (A1, category 2…);
    `share`: how far it may be passed on; `foreign_id`: its own number for the record, by which a list takes back what it said.

    `at`: when the source said so. A vote that was taken back stays, with the moment; the same source can say it anew later.
    """

    hotline = to_hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="votes", db_index=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    via = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    verdict = models.CharField(max_length=12)
    label = models.CharField(max_length=40, default="")
    facts = models.JSONField(default=dict)
    share = models.CharField(max_length=8, default="")
    foreign_id = models.CharField(max_length=60, default="")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    case_id = models.BigIntegerField(default=0)
    brought_by = models.BigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "source", "via"], name="vote_once_each_way")]
        indexes = [
            models.Index(fields=["hotline", "foreign_id"], condition=~models.Q(foreign_id=""), name="vote_foreign_key")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by source {self.source_id}"


class Ruling(models.Model):
    """What a person settled a record as, where sources contradict each other. `covers`: the votes before them, as [source, verdict].

    One that needs a second person counts from `second_at`; one that was taken back (`ended_at`) counts no longer.
    """

    hotline = to_hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="rulings")
    verdict = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    covers = models.JSONField(default=list)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    needs_second = models.BooleanField(default=False)
    second_by = models.CharField(max_length=40, default="")
    second_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record"], condition=models.Q(ended_at__isnull=True), name="ruling_once")
        ]

    def __str__(self) -> str:
        return f"record {self.record_id} settled as {self.verdict}"


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
