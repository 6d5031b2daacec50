"""What agencies asked about, and for which of their cases."""

from django.db import models
from django_scopes import ScopedManager

from leeward.hashbank.models.records import Record
from leeward.people.foreign_keys import to_hotline


class Inquiry(models.Model):
    """An agency's inquiry for one of its cases: whom to call about it, how much was asked and found; never what was
    asked.

    `restriction` names the written order that forbids telling other agencies; empty where there is none.
    """

    hotline = to_hotline()
    agency = models.CharField(max_length=120)
    reference = models.CharField(max_length=80)
    contact = models.CharField(max_length=200, default="")
    restriction = models.CharField(max_length=120, default="")
    by = models.CharField(max_length=40)
    asked = models.PositiveBigIntegerField(default=0)
    found = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "agency", "reference"], name="inquiry_once")]
        indexes = [models.Index(fields=["hotline", "-last_at"], name="inquiry_newest")]

    def __str__(self) -> str:
        return f"inquiry {self.pk}"


class InquiryMatch(models.Model):
    """A record that an agency asked about; it is how two agencies learn of each other."""

    hotline = to_hotline()
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="matches", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="inquiry_matches")
    match = models.CharField(max_length=5, default="known")
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "record"], name="inquiry_match_once")]

    def __str__(self) -> str:
        return f"record {self.record_id} in inquiry {self.inquiry_id}"
