"""ICCAM may have any report that wasn't over: earlier versions didn't note that its first request had gone out."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note_begun(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Note it of each whose first answer isn't here: also of one that was never tried, since a killed process left no trace."""
    reports = apps.get_model("outputs", "Submission")._base_manager
    reports.filter(service="iccam", step="report", ended_at=None).update(begun=True)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outputs", "0002_fiu_profile")]
    operations: ClassVar = [migrations.RunPython(note_begun, migrations.RunPython.noop)]
