"""Whom we ask to cosign our log, and whose logs we cosign."""

from django.db import models


class Witness(models.Model):
    """Somebody who is asked to cosign this installation's checkpoints, and how it answered last.

    By chain: `sizes` holds what it cosigned last, a hint, which its own answer corrects; `problems` what went wrong the last
    time; `contradicted` are the chains of which it has seen another state than there is.
    """

    vkey = models.CharField(max_length=400, unique=True)
    url = models.CharField(max_length=400)
    added_at = models.DateTimeField()
    sizes = models.JSONField(default=dict)
    cosigned_at = models.DateTimeField(null=True)
    problems = models.JSONField(default=dict)
    contradicted = models.JSONField(default=list)

    @property
    def problem(self) -> str:
        """Return what went wrong the last time with any chain, or ""."""
        return "; ".join(dict.fromkeys(self.problems.values()))

    @property
    def contradicts(self) -> bool:
        """Return whether it has seen another state of any chain than there is."""
        return bool(self.contradicted)

    def __str__(self) -> str:
        return self.vkey.partition("+")[0]


class WatchedLog(models.Model):
    """Another installation's log that this one cosigns, and the largest state of it that it has cosigned. It says itself that it was
    restored at `restored_at`, and that nothing since `backup_at` is known there."""

    origin = models.CharField(max_length=200, unique=True)
    vkey = models.CharField(max_length=400)
    added_at = models.DateTimeField()
    size = models.BigIntegerField(default=0)
    root = models.BinaryField()
    note = models.TextField(default="")
    cosigned_at = models.DateTimeField(null=True)
    backup_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.origin


class Contradiction(models.Model):
    """A request, signed by a log, that doesn't fit what the log showed before, and the note of it that we had cosigned then: the
    proof of two histories."""

    log = models.ForeignKey(WatchedLog, on_delete=models.CASCADE, related_name="contradictions")
    at = models.DateTimeField()
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    request = models.TextField()
    note = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "digest"], name="contradiction_once")]

    def __str__(self) -> str:
        return f"{self.log_id} {self.at}"
