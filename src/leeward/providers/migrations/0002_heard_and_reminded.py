"""What a provider hears follows from its case, and when it is next written to stands beside the line: an index finds what is due."""

from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def take_over(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Find when each provider is next written to, and forget what was recorded as heard: the log has it."""
    lines = apps.get_model("providers", "ProviderLine")._base_manager
    kept = lines.filter(keep_until__isnull=False, destroyed_at=None, is_sandbox=False)
    kept.filter(reminders=0).update(remind_at=F("keep_until") - timedelta(days=7))
    kept.filter(reminders=1).update(remind_at=F("keep_until"))
    apps.get_model("providers", "LineDecision")._base_manager.filter(kind="feedback").delete()
    if editor.connection.vendor == "postgresql":
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or later steps of the same transaction can't change the table
        editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="providerline", name="provider_line_kept"),
        migrations.AddField("providerline", "remind_at", models.DateTimeField(null=True)),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="providerline",
            index=models.Index(
                fields=["hotline", "remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="provider_line_remind",
            ),
        ),
        migrations.RemoveField("providerline", "feedback"),
        migrations.RemoveField("providerline", "reminders"),
    ]
