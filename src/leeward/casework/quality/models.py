"""Tables of quality. Sampled assessments are stored with the cases."""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline, to_person
from leeward.sealing.fields import SealedText


class SamplingRates(models.Model):
    """A hotline's own sampling rates; without a row the recommended ones apply."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.CASCADE, related_name="+")
    illegal_percent = models.PositiveSmallIntegerField()
    closed_percent = models.PositiveSmallIntegerField()
    untrained_percent = models.PositiveSmallIntegerField()
    by = to_person(null=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"rates of hotline {self.hotline_id}"


class TrainingRun(models.Model):
    """One person's run through patterns of the training set. It involves no case and doesn't count as exposure."""

    hotline = to_hotline()
    by = to_person()
    set_name = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    kappa = models.FloatField(null=True)
    passed = models.BooleanField(default=False)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by"], condition=models.Q(finished_at__isnull=True), name="training_one_open_run"
            )
        ]
        indexes = [models.Index(fields=["hotline", "by", "-id"], name="training_of_person")]

    def __str__(self) -> str:
        return f"training run {self.pk}"


class TrainingAnswer(models.Model):
    """The facts that somebody stated about one pattern."""

    hotline = to_hotline()
    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="answers")
    item = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "item"], name="training_answer_once")]

    def __str__(self) -> str:
        return f"answer to pattern {self.item}"


class Adjudication(models.Model):
    """Two people who came to different endings. One proposes and the other agrees, or a third person decides. The
    result is stored as an assessment of the round “adjudication”, with the reasons as its comment.
    """

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey("casework.Assessment", on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.OneToOneField("casework.Assessment", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, default="open")
    proposal = models.JSONField(null=True)
    proposal_comment = SealedText(default="", db_default="", together=True)
    proposals = models.PositiveSmallIntegerField(default=0)
    proposed_by = to_person(null=True)
    assessment = models.OneToOneField("casework.Assessment", null=True, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "state", "-id"], name="adjudication_open")]

    def __str__(self) -> str:
        return f"adjudication of case {self.case_id}"

    @property
    def people(self) -> tuple[int | None, int | None]:
        """Return the two people who confer."""
        return self.first.by_id, self.second.by_id


class ChangedDecision(models.Model):
    """A decision without a second assessment that the law as recorded now, or an appeal, judges differently."""

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    assessment = models.ForeignKey("casework.Assessment", on_delete=models.CASCADE, related_name="+", db_index=False)
    why = models.CharField(max_length=10)
    country = models.CharField(max_length=2, default="", blank=True)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = to_person(null=True)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "why", "country", "after"], name="changed_decision_once")
        ]
        indexes = [models.Index(fields=["hotline", "seen_at", "-id"], name="changed_unseen")]

    def __str__(self) -> str:
        return f"changed by {self.why}: case {self.case_id}"


class LawReview(models.Model):
    """The version of the law with which a hotline's decisions were last reviewed."""

    hotline = models.OneToOneField("people.Hotline", on_delete=models.CASCADE, related_name="+")
    law_version = models.CharField(max_length=80)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"review of hotline {self.hotline_id}"
