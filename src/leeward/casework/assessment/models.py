"""Tables of assessments: what people stated, which decisions were drawn for another assessment, and unsent drafts."""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline
from leeward.sealing.fields import SealedText


class Assessment(models.Model):
    """One person's statement of facts and outcome, with what the law said about it at that time. Never changed. A row
    without a person repeats what people stated earlier about the same file (`seen` is then "record"). How the content
    was seen: `services/seeing.py`.
    """

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="assessments")
    by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    cycle = models.PositiveSmallIntegerField(default=1)
    round = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12)
    reason = models.PositiveSmallIntegerField(null=True)
    comment = SealedText(default="", together=True)
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


class AlteredFile(models.Model):
    """A fetched picture that matches a record once an alteration is undone. It decides nothing: whoever looks at the
    case is told about it.
    """

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="altered_files")
    file_number = models.BigIntegerField()
    record_number = models.BigIntegerField()
    alteration = models.CharField(max_length=16)
    distance_bits = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "file_number"], name="altered_file_once")]

    def __str__(self) -> str:
        return f"file {self.file_number} of case {self.case_id}"


class SampledAssessment(models.Model):
    """One person's decision that was drawn for another blind assessment. Work on the case goes on meanwhile."""

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="samples")
    first = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="waiting")
    taken_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_until = models.DateTimeField(null=True)
    assessment = models.OneToOneField(Assessment, null=True, on_delete=models.CASCADE, related_name="+")
    drawn_at = models.DateTimeField()
    readers = models.ManyToManyField(
        "people.User", related_name="+"
    )  # they have read the findings, so they can't assess it blind

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "state", "id"], name="sample_waiting")]

    def __str__(self) -> str:
        return f"sampled assessment of case {self.case_id}"


class Draft(models.Model):
    """What somebody has begun on a case and not yet sent, visible only to them. `kind` "facts" holds the facts marked
    so far; other kinds hold text (a note, a question, reasons) or both (a blind assessment of a drawn case, a proposal
    in an adjudication).
    """

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, default="facts")
    facts = models.JSONField(default=dict)
    seen = models.CharField(max_length=10, blank=True, default="")
    text = SealedText(default="", together=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "by", "kind"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.kind} begun for case {self.case_id}"
