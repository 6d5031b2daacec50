"""What programs keep here through the HMA API: banks of their own, their contents, and requests for exchanges.

None of it decides what a record means; that follows from votes alone.
"""

from django.db import models
from django_scopes import ScopedManager

from leeward.hashbank.models.records import Bank, Record, Source
from leeward.people.foreign_keys import to_hotline


class ClientBank(models.Model):
    """A bank that a program created. `owner`: the source it speaks as; `ratio`: the share of look-ups that the bank
    answers.
    """

    hotline = to_hotline()
    bank = models.OneToOneField(Bank, on_delete=models.CASCADE, related_name="client")
    owner = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    ratio = models.FloatField(default=1.0)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["hotline", "owner"], name="client_bank_owner")]

    def __str__(self) -> str:
        return f"client bank {self.pk}"


class ClientContent(models.Model):
    """What a program put into a bank of its own. `signals`: the hashes it gave, as text under HMA's names.

    `joined`, `voted`: this row is why the record is in the bank, or why the owner's vote calls it illegal; another row
    inherits this when the row is deleted. `disable_until`: 1 matches, 0 does not, otherwise matches from that second
    on. `metadata` and `note` are shown only to the owner.
    """

    hotline = to_hotline()
    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    signals = models.JSONField(default=dict)
    metadata = models.JSONField(null=True)
    note = models.CharField(max_length=255, default="")
    disable_until = models.BigIntegerField(default=1)
    joined = models.BooleanField(default=False)
    voted = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [
            models.Index(fields=["hotline", "record"], name="client_content_record"),
            models.Index(fields=["hotline", "bank"], name="client_content_bank"),
        ]

    def __str__(self) -> str:
        return f"client content {self.pk}"


class ClientExchange(models.Model):
    """An exchange that a program asked for; people of the hotline decide whether anything is fetched."""

    hotline = to_hotline()
    bank = models.OneToOneField(Bank, on_delete=models.CASCADE, related_name="exchange")
    owner = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    api = models.CharField(max_length=30)
    settings = models.JSONField(default=dict)
    enabled = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"client exchange {self.pk}"
