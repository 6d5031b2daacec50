"""Tables of requests for review and the replies to them."""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline
from leeward.sealing.fields import SealedText


class Appeal(models.Model):
    """A request from outside to review a decision. `origin` is the kind of requester, `origin_id` their row; `round` counts the requests of
    one that may ask again. Without a `case`, nothing was decided here about the address that they name; a person answers all the same.
    """

    hotline = to_hotline()
    portal = models.ForeignKey("people.Portal", on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("casework.Case", null=True, on_delete=models.CASCADE, related_name="appeals")
    origin = models.CharField(max_length=10)
    origin_id = models.BigIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, default="open")
    text = SealedText(default="")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reasons = models.TextField(default="")

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "origin", "origin_id", "round"], name="appeal_once_a_round"),
            models.UniqueConstraint(
                fields=["hotline", "origin", "origin_id"],
                condition=models.Q(case=None),
                name="appeal_without_case_once",
            ),
        ]
        indexes = [models.Index(fields=["hotline", "state", "due_at"], name="appeal_open")]

    def __str__(self) -> str:
        return f"appeal {self.pk}"


class AppealReply(models.Model):
    """The reply to a request for review by somebody who had a part in the case, given before it is answered."""

    hotline = to_hotline()
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="replies")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    text = SealedText(together=True)
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "by"], name="appeal_reply_once")]

    def __str__(self) -> str:
        return f"reply to appeal {self.appeal_id}"
