"""A hold of the police is of the case: every letter to them about it has the hold that one of them has."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TO_POLICE = ("referral", "forward")


def share_holds(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Give the others the hold that ends last."""
    letters = apps.get_model("notices", "Referral")._base_manager.filter(kind__in=TO_POLICE)
    held = letters.filter(state="held", hold_until__isnull=False).order_by("hold_until")
    for case, until, since in list(held.values_list("notice_case_id", "hold_until", "held_since")):
        letters.filter(notice_case_id=case).update(state="held", hold_until=until, held_since=since)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0021_rounds")]
    operations: ClassVar = [migrations.RunPython(share_holds, migrations.RunPython.noop)]
