"""One table: what is still to be done."""

from django.db import models


class Duty(models.Model):
    """One thing to do for one subject, not before a time. Done duties are deleted; given-up ones stay as dead."""

    kind = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    hotline_id = models.BigIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=100, default="")
    attempts = models.PositiveIntegerField(default=0)  # that failed
    begun = models.PositiveIntegerField(
        default=0
    )  # how often since it last came to an end; more than once where a worker died
    generation = models.PositiveIntegerField(default=1)
    dead = models.BooleanField(default=False)
    problem = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id", "hotline_id"], name="duty_once")]
        indexes = [models.Index(fields=["dead", "due_at"], name="duty_due")]

    def __str__(self) -> str:
        return f"{self.kind}({self.subject_id})"
