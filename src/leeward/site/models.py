"""The alarms that were sent."""

from django.db import models


class SentAlarm(models.Model):
    """One active alarm: since when, and when people were written to about it. Deleted when it is over."""

    code = models.CharField(max_length=30)
    hotline_id = models.BigIntegerField()  # 0: the whole installation
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "hotline_id"], name="alarm_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.hotline_id}"
