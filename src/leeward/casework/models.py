"""The case and everything that the desk writes about it.

Tables are built for a million cases: every list has its index, and foreign keys that no list starts from have none.
"""

from datetime import timedelta

from django.db import models
from django_scopes import ScopedManager

import leeward.casework.bulk.models  # noqa: F401 - the tables about several cases at once
from leeward.casework.exposure.rules.budget import RECOMMENDED
from leeward.casework.rules.states import FIRST_STATE, PREPARING
from leeward.people.foreign_keys import to_hotline


class CaseSequence(models.Model):
    """The last number given to a case of a hotline in a year; locked by whoever opens the next one."""

    hotline = to_hotline()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "year"], name="case_sequence_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Case(models.Model):
    """The work on one canonical location; many reports can join it.

    `lane` and `priority` follow from state, flags and clock; they stand here so that every view of the queue is one
    walk along one index. `cycle` counts how often the work began anew; the looks of earlier turns stay, but no longer count.
    """

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.CharField(max_length=20)
    location = models.ForeignKey("hosting.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, default=FIRST_STATE)
    lane = models.CharField(max_length=12, default=PREPARING.name)
    priority = models.BigIntegerField()
    urgent = models.BooleanField(default=False)
    # Since when it is urgent, and when all of that was passed on to the police (or an act that can still be undone did so).
    urgent_since = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    known = models.BooleanField(default=False)
    appealed = models.BooleanField(default=False)
    returned = models.BooleanField(default=False)
    held_until = models.DateTimeField(null=True)
    news_at = models.DateTimeField(null=True)
    report_count = models.PositiveIntegerField(default=0)
    place = models.CharField(max_length=8, default="unknown")
    country = models.CharField(max_length=2, default="")
    language = models.CharField(max_length=12, default="")
    source = models.CharField(max_length=10, default="form")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    claimed_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    claimed_until = models.DateTimeField(null=True)
    first_assessor = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cycle = models.PositiveSmallIntegerField(default=1)
    second_assessor = models.ForeignKey(
        "people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    in_adjudication = models.BooleanField(default=False)
    acted_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    outcome = models.CharField(max_length=12, default="")
    close_reason = models.PositiveSmallIntegerField(null=True)
    close_words = models.TextField(default="")

    received_at = models.DateTimeField()
    first_assessed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    police_told_at = models.DateTimeField(null=True)
    host_told_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hotline", "reference"], name="case_reference_once"),
            models.UniqueConstraint(fields=["hotline", "location"], name="case_location_once"),
        ]
        indexes = [
            models.Index(fields=["hotline", "lane", "priority", "id"], name="case_lane"),
            models.Index(fields=["hotline", "state", "-id"], name="case_state"),
            models.Index(fields=["hotline", "-id"], name="case_newest"),
            models.Index(
                fields=["hotline", "claimed_by"], condition=models.Q(claimed_by__isnull=False), name="case_claims"
            ),
            models.Index(
                fields=["hotline", "held_until"], condition=models.Q(held_until__isnull=False), name="case_held"
            ),
            models.Index(fields=["hotline", "-news_at"], condition=models.Q(news_at__isnull=False), name="case_news"),
            models.Index(fields=["hotline", "received_at"], name="case_received"),
            # Every column by which cases are narrowed: whatever is asked for is one walk along this, never through the table.
            models.Index(
                fields=[
                    "hotline",
                    "-id",
                    "state",
                    "country",
                    "place",
                    "source",
                    "urgent",
                    "known",
                    "appealed",
                    "returned",
                    "claimed_by",
                    "received_at",
                ],
                name="case_narrowed",
            ),
            models.Index(fields=["hotline", "country", "-id"], name="case_country"),
            models.Index(fields=["hotline", "source", "-id"], name="case_source"),
            *(
                models.Index(fields=["hotline", "-id"], condition=models.Q(**{flag: True}), name=f"case_{flag}")
                for flag in ("urgent", "known", "appealed", "returned")
            ),
            models.Index(
                fields=["hotline", "merged_into"], condition=models.Q(merged_into__isnull=False), name="case_parts"
            ),
            models.Index(
                fields=["hotline", "removed_at"], condition=models.Q(removed_at__isnull=False), name="case_removed"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def news(self) -> bool:
        """Whether something came in that nobody has read."""
        return self.news_at is not None


class CaseItem(models.Model):
    """One reported item joined to the case of its location."""

    hotline = to_hotline()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="items")
    item = models.OneToOneField("intake.Item", on_delete=models.CASCADE, related_name="+")

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"item {self.item_id} of case {self.case_id}"


class Assessment(models.Model):
    """One person's statement of facts and outcome, with what the law said of it at that time. Never changed. Without a person
    it is what people said before of the same file (`seen` is then "record"). How it was seen: `services/seeing.py`."""

    hotline = to_hotline()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assessments")
    by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    cycle = models.PositiveSmallIntegerField(default=1)
    round = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12)
    reason = models.PositiveSmallIntegerField(null=True)
    words = models.TextField(default="")
    facts = models.JSONField(default=dict)
    seen = models.CharField(max_length=10, default="unseen")
    law_version = models.CharField(max_length=80)
    opinions = models.JSONField(default=list)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "cycle", "by"],
                condition=models.Q(round__in=("first", "second", "sample")),
                name="assessment_once_a_cycle",
            )
        ]
        indexes = [
            models.Index(fields=["hotline", "at", "by"], name="assessment_at"),
            models.Index(
                fields=["hotline", "-at"], condition=models.Q(round__in=("second", "sample")), name="assessment_blind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} assessment of case {self.case_id}"


class Part(models.Model):
    """Somebody's part in a case: a step of theirs that decided something or sent something out, in which cycle of the work. Written by
    the step itself and never changed, also where the step was undone: whoever had a part doesn't answer for the case a second time."""

    hotline = to_hotline()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parts", db_index=False)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=20)
    cycle = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["case", "by"], name="part_of_person")]

    def __str__(self) -> str:
        return f"{self.act} of case {self.case_id}"


class SampledAssessment(models.Model):
    """A decision of one person that was drawn for another blind assessment. It stops nothing: the case goes on meanwhile."""

    hotline = to_hotline()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="samples")
    first = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="waiting")
    taken_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_until = models.DateTimeField(null=True)
    assessment = models.OneToOneField(Assessment, null=True, on_delete=models.CASCADE, related_name="+")
    drawn_at = models.DateTimeField()
    readers = models.ManyToManyField("people.User", related_name="+")  # they read what was found, so it is not for them

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "state", "id"], name="sample_waiting")]

    def __str__(self) -> str:
        return f"sampled assessment of case {self.case_id}"


class Draft(models.Model):
    """What somebody has begun on a case and not yet sent, for themselves: the facts marked so far (`kind` is "facts"), or words: a
    note, a question, reasons; or both: a blind assessment of a drawn case, a proposal in an adjudication."""

    hotline = to_hotline()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, default="facts")
    facts = models.JSONField(default=dict)
    seen = models.CharField(max_length=10, blank=True, default="")
    text = models.TextField(default="")
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "by", "kind"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.kind} begun for case {self.case_id}"


class PendingAction(models.Model):
    """The last act on a case while it can still be undone: what it changed on the case (field -> before, after), what it made
    besides, and until when nothing of it goes out. The row goes with the time; at most one a case."""

    hotline = to_hotline()
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=20)
    changed = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    until = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"{self.act} of case {self.case_id}"


class Appeal(models.Model):
    """Somebody outside asks that a decision be reviewed. `origin` says who, `origin_id` which row of theirs. Without a `case` we have
    decided nothing about the address that they name, and a person answers all the same."""

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="appeals")
    origin = models.CharField(max_length=10)
    origin_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default="open")
    words = models.TextField(default="")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reasons = models.TextField(default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "origin", "origin_id"], name="appeal_once"),
            models.UniqueConstraint(
                fields=["hotline", "origin", "origin_id"],
                condition=models.Q(case=None),
                name="appeal_without_case_once",
            ),
        ]
        indexes = [models.Index(fields=["hotline", "state", "due_at"], name="appeal_open")]

    def __str__(self) -> str:
        return f"appeal {self.pk}"


class AppealReply(models.Model):
    """What somebody who had a part in the case says to a request for review, before it is answered."""

    hotline = to_hotline()
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="replies")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "by"], name="appeal_reply_once")]

    def __str__(self) -> str:
        return f"reply to appeal {self.appeal_id}"


class Note(models.Model):
    """What somebody of the desk wrote down about a case."""

    hotline = to_hotline()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"note {self.pk}"


class View(models.Model):
    """One preview that somebody asked for, and why: what the exposure budget counts. The picture itself is nowhere. `was_shown`: it was
    really there and went to their page; only then have they seen it."""

    hotline = to_hotline()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    file_id = models.BigIntegerField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=12)
    blurred = models.BooleanField()
    part = models.PositiveSmallIntegerField(default=100)
    page = models.PositiveIntegerField(default=1)
    weight = models.PositiveSmallIntegerField()
    changed = models.BooleanField(default=False)
    cycle = models.PositiveSmallIntegerField()
    was_shown = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "by", "at"], name="view_budget")]

    def __str__(self) -> str:
        return f"view {self.pk}"


class DeskDay(models.Model):
    """What one person's day at the desk came to: for the exposure budget, and for nothing else."""

    hotline = to_hotline()
    by = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    spent = models.PositiveIntegerField(default=0)
    worked = models.DurationField(default=timedelta)
    stretch_from = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    is_off = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "day", "by"], name="desk_day_once")]

    def __str__(self) -> str:
        return f"{self.day} of {self.by_id}"


class DeskLimits(models.Model):
    """A hotline's own limits of exposure; without a row the recommended ones hold."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.CASCADE, related_name="+")
    desk_minutes = models.PositiveSmallIntegerField()
    previews = models.PositiveSmallIntegerField()
    stretch_minutes = models.PositiveSmallIntegerField()
    break_minutes = models.PositiveSmallIntegerField()
    last_hour = models.PositiveSmallIntegerField()
    clear_weight = models.PositiveSmallIntegerField(default=RECOMMENDED.clear_weight)
    heavy_weight = models.PositiveSmallIntegerField(default=RECOMMENDED.heavy_weight)
    heaviest_weight = models.PositiveSmallIntegerField(default=RECOMMENDED.heaviest_weight)
    reason = models.TextField(default="", blank=True)
    by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"limits of hotline {self.hotline_id}"
