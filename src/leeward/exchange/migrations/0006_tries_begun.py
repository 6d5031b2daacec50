"""A try is counted before it is made. Of what waits from before it isn't known whether a process that was killed had sent it: it counts as
tried."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

UNSENT = ("waiting", "held")


def count_as_tried(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Count one try of each message that hasn't arrived."""
    messages = apps.get_model("exchange", "ExchangeMessage")._base_manager
    messages.filter(state__in=UNSENT, tries=0).update(tries=1)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("exchange", "0005_every_restoring")]
    operations: ClassVar = [migrations.RunPython(count_as_tried, migrations.RunPython.noop)]
