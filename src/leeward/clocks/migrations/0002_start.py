"""Cases that are open already get their clocks: the worker starts them, some at a time."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations


def ask(apps: Any, schema_editor: Any) -> None:
    """Want the clocks of every hotline's open cases started."""
    duty, hotline = apps.get_model("duties", "Duty"), apps.get_model("people", "Hotline")
    for pk in hotline.objects.values_list("pk", flat=True):
        duty.objects.get_or_create(
            kind="casework.start_clocks", subject_id=pk, hotline_id=pk, defaults={"due_at": datetime.now(UTC)}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0001_initial"),
        ("duties", "0001_initial"),
        ("people", "0005_countries_and_holidays"),
    ]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
