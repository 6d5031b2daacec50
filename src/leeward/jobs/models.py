"""The jobs still to be done, who does them, and jumps of the clock by which they wait."""

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One thing to do for one subject, not before a given time. Finished jobs are deleted; abandoned ones stay as dead."""

    kind = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    hotline_id = models.BigIntegerField(default=0)
    urgent = models.BooleanField(default=False)  # run before all others
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=100, default="")
    attempts = models.PositiveIntegerField(default=0)  # failed attempts
    begun = models.PositiveIntegerField(
        default=0
    )  # how often it was started since it last finished; more than once if a worker died
    hung = models.PositiveIntegerField(default=0)  # how often it exceeded its time limit and was ended
    generation = models.PositiveIntegerField(default=1)
    dead = models.BooleanField(default=False)
    problem = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    set_at = models.DateTimeField(null=True)  # when due_at was set: a clock that is put back moves it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id", "hotline_id"], name="job_once")]
        # One index for each order in which jobs are claimed: the oldest is found at once however many are due.
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(dead=False, urgent=True), name="job_due_urgent"),
            models.Index(fields=["due_at", "id"], condition=Q(dead=False, urgent=False), name="job_due_ordinary"),
            models.Index(fields=["hotline_id", "-id"], condition=Q(dead=True), name="job_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}({self.subject_id})"


class WorkerBeat(models.Model):
    """When a worker last reported that it is alive."""

    owner = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()
    # By the clock that nobody sets: for how many seconds this start of the machine had been running.
    running = models.FloatField(null=True)
    boot_id = models.CharField(max_length=40, default="", db_default="")
    left_at = models.DateTimeField(null=True)  # it ended as it should, and nobody misses it

    def __str__(self) -> str:
        return self.owner


class ClockJump(models.Model):
    """A jump of a machine's clock: what it should have said, and what it said. Settled once it was undone, or somebody
    confirmed that the clock is right."""

    owner = models.CharField(max_length=100)
    before = models.DateTimeField()
    after = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(settled_at__isnull=True), name="clock_jump_open")]

    def __str__(self) -> str:
        return f"{self.before} {self.after}"
