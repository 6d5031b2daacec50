"""Since when a case is urgent, and when that was passed on to the police."""

from django.db import migrations, models
from django.db.models import F


def say_since_when(apps, schema_editor):
    """Urgent cases were so from the start; the police of those that were acted on or passed on have heard of them."""
    cases = apps.get_model("casework", "Case")._base_manager
    cases.filter(urgent=True).update(urgent_since=F("received_at"), passed_at=F("police_told_at"))
    cases.filter(urgent=True, state="forwarded").update(passed_at=F("closed_at"))


class Migration(migrations.Migration):
    dependencies = [("casework", "0017_appeal_without_case")]

    operations = [
        migrations.AddField(model_name="case", name="urgent_since", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="case", name="passed_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(say_since_when, migrations.RunPython.noop),
    ]
