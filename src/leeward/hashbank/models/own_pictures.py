"""Fingerprints of people's own pictures. They stand beside the bank, not in it: nobody has assessed what they are of, and
a record joined with one would lend it a decision that nobody made.
"""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline


class OwnPictureHash(models.Model):
    """One fingerprint that a report brought (`report_id`), until the person takes it back or `until`; then the row is
    deleted. `file` numbers the files of a report. `matches`: how many uploads it matched on the day `matched_on`.
    """

    hotline = to_hotline()
    report_id = models.BigIntegerField()
    file = models.PositiveSmallIntegerField()
    kind = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()
    value = models.BinaryField(max_length=32)
    quality = models.PositiveSmallIntegerField(null=True)
    second = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    until = models.DateTimeField()
    matched_on = models.DateField(null=True)
    matches = models.PositiveIntegerField(default=0)

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "key"], name="own_picture_key"),
            models.Index(fields=["hotline", "report_id"], name="own_picture_report"),
        ]

    def __str__(self) -> str:
        return f"own picture hash {self.pk}"
