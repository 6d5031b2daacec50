"""Other organisations' hash collections that are pulled from and sent feedback, and the feedback that was sent."""

from django.db import models
from django_scopes import ScopedManager

from leeward.hashbank.models.records import Record
from leeward.people.foreign_keys import to_hotline


class LiveSource(models.Model):
    """A collection that is queried by one of the protocols in `rules/sources.py`, once two people have recorded the
    agreement.

    `source`: the name under which its votes are kept; `part`: which of its lists or groups; `own_name`: the name by
    which it knows us, so that our own votes are not counted as another's; `public_key`: the only key trusted to sign
    its lists; `sealed`: the sealed credentials; `checkpoint`: where the next pull continues, with a `serial` so that
    only one of two pulls advances it; `import_id`: the import in progress. `held`: how much a pull that stopped before it
    would withdraw (`withdraws`) of what (`says`); `may_withdraw`: how much a person has allowed the next pull to withdraw.
    """

    hotline = to_hotline()
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=80)
    protocol = models.CharField(max_length=16)
    url = models.CharField(max_length=300)
    part = models.CharField(max_length=80, default="")
    own_name = models.CharField(max_length=80, default="")
    public_key = models.CharField(max_length=60, default="")
    sealed = models.TextField(default="")
    bank = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict)
    every_minutes = models.PositiveIntegerField(default=60)
    added_by = models.CharField(max_length=40)
    added_at = models.DateTimeField()
    terms = models.CharField(max_length=200, default="")
    agreed_on = models.DateField(null=True)
    agreed_by = models.CharField(max_length=40, default="")
    agreed_at = models.DateTimeField(null=True)
    second_by = models.CharField(max_length=40, default="")
    second_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    checkpoint = models.JSONField(default=dict)
    serial = models.PositiveBigIntegerField(default=0)
    import_id = models.BigIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.JSONField(null=True)
    held = models.JSONField(null=True)
    may_withdraw = models.PositiveBigIntegerField(default=0)
    alarm_at = models.DateTimeField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    joined = models.PositiveBigIntegerField(default=0)
    withdrawn = models.PositiveBigIntegerField(default=0)
    broken = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=60, default="")
    previewed_at = models.DateTimeField(null=True)
    feeds_back = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hotline", "name"], condition=models.Q(removed_at__isnull=True), name="live_source_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SourceFeedback(models.Model):
    """Feedback of this hotline about an entry of a source. `wanted`: what we want to send, `sent`: what was sent.

    `state`: waiting, sending (from the first byte to the answer), sent, unsure (delivery is unknown), refused.
    """

    hotline = to_hotline()
    live = models.ForeignKey(LiveSource, on_delete=models.CASCADE, related_name="feedback", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    foreign_id = models.CharField(max_length=60)
    wanted = models.CharField(max_length=12)
    sent = models.CharField(max_length=12, default="")
    state = models.CharField(max_length=8, default="waiting")
    status = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["live", "record", "foreign_id"], name="source_feedback_once"),
        ]

    def __str__(self) -> str:
        return f"{self.wanted} of record {self.record_id}"
