"""Letters from before have their last answer as the moment since when the notice is held or released: more isn't known."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

DECIDED = ("held", "released", "timed_out")


def take_answers(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Take the last answer, and who entered it."""
    letters = apps.get_model("notices", "Referral")._base_manager.filter(state__in=DECIDED, answered_at__isnull=False)
    letters.update(decided_at=F("answered_at"), decided_by=F("answered_by"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0024_when_it_was_decided")]
    operations: ClassVar = [migrations.RunPython(take_answers, migrations.RunPython.noop)]
