"""Used keys, and the levels of the buckets. Neither table can tell who came."""

from django.db import models


class UsedKey(models.Model):
    """The SHA-256 of a form's used one-time key; kept for a week."""

    digest = models.CharField(max_length=64, primary_key=True)
    used_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]


class Bucket(models.Model):
    """A token bucket under a keyed hash whose random key is deleted at the end of its day."""

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
