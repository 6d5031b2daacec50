"""Why a report is urgent, instead of only that it is."""

from typing import TYPE_CHECKING

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Case, Value, When

if TYPE_CHECKING:
    from django.db.migrations.state import StateApps


def _name_reasons(apps: "StateApps", _editor: BaseDatabaseSchemaEditor) -> None:
    report = apps.get_model("intake", "Report")
    if not any(field.name == "urgent" for field in report._meta.get_fields()):
        return  # a database that was made at once, from the models as they are now
    report._base_manager.filter(urgent=True).update(urgency=Case(When(kind="danger", then=Value("danger")), default=Value("marked")))


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_canned_questions")]

    operations = [
        migrations.AddField("report", "threat", models.CharField(blank=True, default="", max_length=10)),
        migrations.AddField("report", "urgency", models.CharField(blank=True, default="", max_length=10)),
        migrations.AddField("report", "marked_because", models.CharField(blank=True, default="", max_length=500)),
        migrations.RunPython(_name_reasons, migrations.RunPython.noop),
        migrations.RemoveField("report", "urgent"),
    ]
