"""What administrators chose for the whole installation, who changed it and why, and the result of each test. Belongs to
no hotline."""

from django.db import models


class Chosen(models.Model):
    """One setting that differs from the default; a secret is sealed."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """One change: who (as in the log, never a name), which settings, why. Never the values."""

    group = models.CharField(max_length=20, db_index=True)
    names = models.JSONField(default=list)
    by = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.group} {self.at:%Y-%m-%d}"


class Trial(models.Model):
    """The result of a group's last test; `print` is a keyed hash of the values it was made with."""

    group = models.CharField(max_length=20, primary_key=True)
    worked = models.BooleanField()
    problem = models.CharField(max_length=40, blank=True, default="")
    print = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.group} {'worked' if self.worked else self.problem}"
