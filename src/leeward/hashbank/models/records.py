"""The records: banks and memberships, hashes, sources and their votes, rulings, investigations, sightings.

`revision` numbers every change of a hotline's bank. A version of a list covers all revisions up to one, so the next
version only needs what came after it.
"""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline


class BankClock(models.Model):
    """The latest revision of a hotline's bank; locked by every change, so that changes are strictly ordered."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveBigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"revision {self.revision}"


class Bank(models.Model):
    """A group of records with its own search radius; a harmless bank holds known look-alikes, which are not matches."""

    hotline = to_hotline()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    radius = models.PositiveSmallIntegerField(default=31)
    harmless = models.BooleanField(default=False)
    keeps_windows = models.BooleanField(default=False)  # windows of files that are hashed here
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
    """One known image, video or file: facts, never names, text or content. `facts` leaves out what is unknown.

    `state`, `is_baseline` and `facts` are derived from the votes (`rules/standing.py`) and stored so that millions of
    records can be listed by them.
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
    brought_by = models.BigIntegerField(default=0)  # id of the import; 0: entered by hand or from a case

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
    """One hash of a record.

    `kind` is a number from rules/kinds.py and `key` the first 8 bytes of `value`; look-ups use these two, which keeps
    the index of ten million rows small. `aside`: excluded from matching until a person decides. `kept_here`: it came
    only from entries that may not be passed on.
    """

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
        indexes = [  # each begins with the hotline, which is part of every query
            models.Index(fields=["hotline", "key"], name="hash_key"),
            models.Index(fields=["hotline", "record"], name="hash_record"),
        ]

    def __str__(self) -> str:
        return f"hash {self.pk}"


class RecordWindow(models.Model):
    """The PDQ code of part of a picture that was hashed here, used to find crops of it. It is not a hash of the picture
    and is never published.
    """

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
    """The membership of a record in a bank. It does not decide what the record means."""

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
    """A source that says what records are, under an agreed name. `name_key`: the name with case and spacing normalised.

    `is_ours`: this hotline. `vouches`: members named by its lists count as sources of their own. `merged_into`: the
    source that a person found to be the same; None for none. `registered_at`: since when one person alone may import
    additions in its name, because two people (`registered_by` is the second) or whoever runs the server vouched for it.
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
    registered_at = models.DateTimeField(null=True)
    registered_by = models.CharField(max_length=40, default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "name_key"], name="source_once")]

    def __str__(self) -> str:
        return self.name


class SourceChange(models.Model):
    """A proposed change to the identity of a source; it takes effect once a second person confirms it.

    `act`: merge (into another), separate, vouch (for its members) or doubt (them).
    """

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
    """What one source says about a record.

    `via`: whose list brought it; `label`: the source's own classification (A1, category 2…); `share`: how far it may be
    passed on; `foreign_id`: the source's own number for the record, by which a list can withdraw it. `at`: when the
    source said so. A withdrawn vote stays, with the time of withdrawal; the source can cast it again later. `person`: the
    account that cast it at the desk; None for what a list, a program or the server's operator brought.
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
    person = models.BigIntegerField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "source", "via"], name="vote_once_each_way")]
        indexes = [
            models.Index(fields=["hotline", "foreign_id"], condition=~models.Q(foreign_id=""), name="vote_foreign_key")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by source {self.source_id}"


class Ruling(models.Model):
    """A person's decision about a record on which sources disagree. `covers`: the votes they saw, as [source, verdict].

    One that needs a second person takes effect at `second_at`; one that was withdrawn (`ended_at`) no longer counts. One
    that counts can stand beside one that waits to replace it.
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
            models.UniqueConstraint(
                fields=["record"],
                condition=models.Q(ended_at__isnull=True)
                & (models.Q(needs_second=False) | models.Q(second_at__isnull=False)),
                name="ruling_counts_once",
            ),
            models.UniqueConstraint(
                fields=["record"],
                condition=models.Q(ended_at__isnull=True, needs_second=True, second_at__isnull=True),
                name="ruling_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"record {self.record_id} settled as {self.verdict}"


class Investigation(models.Model):
    """A police investigation of a record: whom to call and the outcome. `restricted`: shown to nobody else."""

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


class HashCount(models.Model):
    """How many hashes of each kind a hotline's bank holds, up to the hash with the id `last`: kind to number. Hashes are
    never deleted, so only those after it need counting.
    """

    hotline = models.OneToOneField("people.Hotline", on_delete=models.PROTECT, related_name="+")
    last = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"hashes up to {self.last}"


class IndexChange(models.Model):
    """A change that index files have yet to apply: hashes with ids `first` to `last` are new or have changed."""

    hotline = to_hotline()
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "id"], name="index_change_order")]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"
