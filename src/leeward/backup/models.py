"""When this installation was restored from a backup, or took a hotline in from another one, and what one hotline lost."""

from django.db import models


class Restoration(models.Model):
    """One restoring. Until somebody confirms it, nothing goes out; the row is written before the database gets its name.
    `moved`: it was no backup but a hotline that moved here; `backup_at` is when it was exported.

    The columns are also written by plain SQL (`databases/`), before Django can open the database.
    """

    backup_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True)  # the oldest report that the public face had and the backup had not
    restored_at = models.DateTimeField()
    # When numbers jumped and messages were held; moved on where the clock turns out to have been behind by then.
    prepared_at = models.DateTimeField(null=True)
    # The newest checkpoint of the log that the backup had: what was signed since has a higher number, whatever a clock said.
    checkpoint = models.BigIntegerField(default=0, db_default=0)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=40, default="", db_default="")
    moved = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"{self.backup_at:%Y-%m-%d %H:%M}"


class LostTime(models.Model):
    """Between which moments rows of one hotline were written that were lost: its log speaks of them, and no file from which it was put back
    has them. `matters`: how many those are."""

    hotline_number = models.BigIntegerField(unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    matters = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M}"
