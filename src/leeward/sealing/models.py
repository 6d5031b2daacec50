"""The public keys that words were sealed to, and on PostgreSQL the store of the keys of single texts."""

from typing import Final

from django.db import models
from django.db.models import Q


class WordsKey(models.Model):
    """A public key of the installation: the desk's or the recovery key; `left_at` is when another one took its place, `older_seen_at`
    when something was last found that only a key before it opens."""

    DESK: Final = "desk"
    RECOVERY: Final = "recovery"

    kind = models.CharField(max_length=10)
    public = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    older_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind"], condition=Q(left_at=None), name="one_words_key_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.public}"


class DataKey(models.Model):
    """On PostgreSQL the key of one sealed text, wrapped for the keys whose mark it has; on SQLite they are in a file of their own
    (`store.py`), and this table is empty. `day` is when it was made, in days since 1970."""

    name = models.BinaryField(primary_key=True)
    wrapped = models.BinaryField()
    mark = models.CharField(max_length=16)
    day = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["mark"], name="data_key_mark")]

    def __str__(self) -> str:
        return bytes(self.name).hex()


class WordsStore(models.Model):
    """What this database, in one row, remembers of the store: on SQLite the name that both have, and a number that grows here before it does
    there (`belonging.py`); how many keys the last sweep let be, since they were too many at once; that a person has seen that the store
    is empty, and goes on; and on PostgreSQL the SHA-256 of the newest copies made of the keys, with the number of the last backup, which are in
    a file's table elsewhere."""

    name = models.CharField(max_length=32)
    number = models.BigIntegerField(default=0)
    unused = models.PositiveIntegerField(default=0)
    empty_is_right = models.BooleanField(default=False)
    copied = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class OlderWords(models.Model):
    """How far the plain text of an older column is sealed: up to which row; `done_at` once no more is plain."""

    place = models.CharField(max_length=100, unique=True)
    reached = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.place
