"""What is doubted: hashes, by match counts and feedback from subscribers, and records, by a vote that waits for a second
person.
"""

from django.db import models
from django_scopes import ScopedManager

from leeward.hashbank.models.records import Record, RecordHash
from leeward.people.foreign_keys import to_hotline


class MatchCount(models.Model):
    """How often a hash matched for one subscriber on one day; the history used by the flood guard."""

    hotline = to_hotline()
    hash = models.ForeignKey(RecordHash, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    subscriber = models.CharField(max_length=80)
    matches = models.PositiveIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash", "day", "subscriber"], name="match_count_once")]
        indexes = [models.Index(fields=["hotline", "day"], name="match_count_day")]

    def __str__(self) -> str:
        return f"{self.matches} on {self.day}"


class Quarantine(models.Model):
    """A hash that waits for a person: it matched far more often than usual for several subscribers, or somebody
    reported it as wrong.

    Meanwhile it still matches. `is_noted`: answers mention the doubt. `weight`: the combined weight of those who
    reported it as wrong. `aside_by`: who proposes to set it aside, with a reason; a second person has to confirm that.
    `back_by`: likewise, who proposes to use a hash again that was set aside.
    """

    hotline = to_hotline()
    hash = models.ForeignKey(RecordHash, on_delete=models.CASCADE, related_name="quarantines")
    why = models.CharField(max_length=16)
    matches = models.PositiveIntegerField(default=0)
    subscribers = models.PositiveIntegerField(default=0)
    weight = models.FloatField(default=0)
    is_noted = models.BooleanField(default=True)
    at = models.DateTimeField()
    aside_by = models.CharField(max_length=40, default="")
    aside_at = models.DateTimeField(null=True)
    aside_why = models.CharField(max_length=300, default="")
    back_by = models.CharField(max_length=40, default="")
    back_at = models.DateTimeField(null=True)
    back_why = models.CharField(max_length=300, default="")
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
    """A subscriber's feedback on a match: whether it was right."""

    hotline = to_hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="feedback", db_index=False)
    source = models.CharField(max_length=80)
    is_true = models.BooleanField()
    was_right = models.BooleanField(null=True)  # set when a person settles it
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "source"], name="feedback_once")]
        indexes = [models.Index(fields=["hotline", "source"], name="feedback_source")]

    def __str__(self) -> str:
        return f"{self.source}: {'right' if self.is_true else 'wrong'}"


class VoteChange(models.Model):
    """A vote in the hotline's own name that would change what a record means; it is cast once a second person confirms
    it. `label`, `facts` and `case_id` are cast with it.
    """

    hotline = to_hotline()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="vote_changes", db_index=False)
    verdict = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    label = models.CharField(max_length=40, default="")
    facts = models.JSONField(default=dict)
    case_id = models.BigIntegerField(default=0)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    answered_by = models.CharField(max_length=40, default="")
    answered_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(answered_at__isnull=True), name="vote_change_once"
            )
        ]
        indexes = [
            models.Index(fields=["hotline"], condition=models.Q(answered_at__isnull=True), name="vote_change_open")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} of record {self.record_id} by {self.by}"
