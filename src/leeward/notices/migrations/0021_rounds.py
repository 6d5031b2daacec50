"""The rounds of a notice case are numbered: what was told in an earlier one than the present has a smaller number."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

EARLIER = {
    "Referral": {"created_at__lt": F("notice_case__started_at")},
    "NoticeItem": {"notice__sent_at__lt": F("notice_case__started_at")},
    "NameAct": {"created_at__lt": F("notice_case__started_at")},
}


def number_earlier_rounds(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Give what was told before a notice case last began the round before its first."""
    for name, earlier in EARLIER.items():
        model = apps.get_model("notices", name)
        model._base_manager.filter(**earlier).update(round=0)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0020_sent_since")]
    operations: ClassVar = [
        *(
            migrations.AddField(name, "round", models.PositiveIntegerField(default=1))
            for name in ("noticecase", "referral", "noticeitem", "nameact")
        ),
        migrations.RunPython(number_earlier_rounds, migrations.RunPython.noop),
    ]
