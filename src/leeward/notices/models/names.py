"""What was asked about registered names."""

# mypy: disable-error-code="django-manager-missing"

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from leeward.notices.models.cases import NoticeCase, NoticeItem
from leeward.notices.models.choices import choices
from leeward.notices.rules.name_acts import ACTS
from leeward.people.foreign_keys import to_person


class NameAct(models.Model):
    """Something asked about a registered name: its notice is `item`'s, its clock `due_at`, what it rests on `basis`. A complaint to
    ICANN names the earlier notice as `proof`."""

    hotline = models.ForeignKey("people.Hotline", on_delete=models.PROTECT, related_name="+", db_index=False)
    notice_case = models.ForeignKey(NoticeCase, on_delete=models.PROTECT, related_name="name_acts", db_index=False)
    round = models.PositiveIntegerField(default=1)
    case_id = models.BigIntegerField()
    item = models.OneToOneField(NoticeItem, on_delete=models.CASCADE, related_name="name_act")
    what = models.CharField(max_length=10, choices=choices(tuple(ACTS)))
    name = models.CharField(max_length=253)
    basis = models.CharField(max_length=16)
    odd = models.JSONField(default=list, blank=True)
    proof = models.ForeignKey(NoticeItem, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    by = to_person(null=True)
    created_at = models.DateTimeField()

    objects = ScopedManager(hotline="hotline")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hotline", "case_id", "-id"], name="name_act_case")]

    def __str__(self) -> str:
        return f"act {self.pk} about a name"
