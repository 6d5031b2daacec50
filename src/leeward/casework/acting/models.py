"""Tables about acts: who had a part in a case, and the last act while it can still be undone."""

from django.db import models
from django_scopes import ScopedManager

from leeward.people.foreign_keys import to_hotline
from leeward.sealing.fields import JSONWithSealed


class Part(models.Model):
    """A person's part in a case: a step of theirs that decided something or sent something out, and the cycle of work
    it belonged to. The step itself writes the row, which never changes, even when the step is undone: nobody who had a
    part may review the case later.
    """

    hotline = to_hotline()
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="parts", db_index=False)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=20)
    cycle = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes = [models.Index(fields=["case", "by"], name="part_of_person")]

    def __str__(self) -> str:
        return f"{self.act} of case {self.case_id}"


class PendingAction(models.Model):
    """The last act on a case while it can still be undone: the fields it changed (field -> before, after), what else it
    made, and the time until which nothing is sent. The row is deleted when that time is over; there is at most one per
    case.
    """

    hotline = to_hotline()
    case = models.OneToOneField("casework.Case", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=20)
    changed = JSONWithSealed(default=dict)
    made = models.JSONField(default=dict)
    until = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    def __str__(self) -> str:
        return f"{self.act} of case {self.case_id}"
