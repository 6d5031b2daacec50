"""What came in and wasn't pulled yet, and what the holder of a receipt may see. Both are in the public database.

`Mark`, `Taken` and `Emptied` are the desk's, in its own. No table here refers to another: it may be in another file.
"""

from django.db import models
from django.db.models import F, Q


class Arrival(models.Model):
    """One thing that a stranger did on the public face: in clear only what finds, orders and shows it.

    `digest` makes the same form count once, `once` is the same for all that was sent with one form, `shows` is what its sender may
    see of it until it is pulled, `sealed` opens with the desk’s key or the recovery key. `problem` says why it could not be taken in.
    """

    name = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    once = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=20)
    hotline_number = models.BigIntegerField()
    portal_number = models.BigIntegerField()
    language = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    is_urgent = models.BooleanField(default=False)
    receipt = models.CharField(max_length=64, blank=True, default="")
    shows = models.JSONField(default=dict)
    sealed = models.TextField()
    problem = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(F("is_urgent").desc(), F("id"), condition=Q(problem=""), name="arrival_next"),
            models.Index(fields=["receipt"], condition=~Q(receipt=""), name="arrival_of_receipt"),
            models.Index(fields=["once"], condition=~Q(once=""), name="arrival_of_form"),
            models.Index(fields=["problem"], condition=~Q(problem=""), name="arrival_problem"),
            models.Index(fields=["hotline_number", "id"], condition=~Q(problem=""), name="arrival_kept_back"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Card(models.Model):
    """What the holder of a receipt may see, as the desk wrote it: coarse states, its questions, never a word of theirs."""

    receipt = models.CharField(max_length=64, primary_key=True)
    once = models.CharField(max_length=64, blank=True, default="", db_index=True)
    hotline_number = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    number = models.BigIntegerField()
    shows = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["kind", "number"], name="card_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Mark(models.Model):
    """That what a receipt shows has changed, until its card is written anew."""

    hotline_number = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Taken(models.Model):
    """An arrival that was taken in, so that a process killed before it is deleted from the spool takes nothing in twice; or one that
    a person gave up, so that such a process leaves nothing of it."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name


class Emptied(models.Model):
    """When the desk saw last that nothing was in the spool: what is there now came in later, whatever the face says. One row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
