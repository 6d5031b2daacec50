"""The alarms that were sent, and what of the outside does not work."""

from django.db import models

ABOUT_MOST = 200  # characters


class SentAlarm(models.Model):
    """One active alarm: since when, and when people were written to about it. Deleted when it is over; one that was told a
    short while ago stays until then, and its beginning is when it was told. Where several things can be ill in the same way,
    each has one, by its name in `about`."""

    code = models.CharField(max_length=30)
    hotline_id = models.BigIntegerField()  # 0: the whole installation
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    about = models.CharField(max_length=ABOUT_MOST, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "hotline_id", "about"], name="alarm_once_each")]

    @property
    def key(self) -> tuple[str, int, str]:
        """Return what an `Alarm` is known by."""
        return self.code, self.hotline_id, self.about

    def __str__(self) -> str:
        return f"{self.code} {self.hotline_id}"


class Outside(models.Model):
    """One thing outside that does not work, as the worker saw it last: since when. Deleted when it works again."""

    name = models.CharField(max_length=20, primary_key=True)
    since = models.DateTimeField()
    what = models.CharField(max_length=1000, blank=True, default="")  # plain, or a text as JSON

    def __str__(self) -> str:
        return self.name
