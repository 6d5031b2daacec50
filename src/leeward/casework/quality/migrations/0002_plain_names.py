"""A proposal keeps its comment under that name."""

from django.db import migrations


def rename_key(apps, schema_editor):
    """Proposals that wait for an answer."""
    manager = apps.get_model("quality", "Adjudication")._base_manager
    for pk, value in manager.filter(proposal__isnull=False).values_list("pk", "proposal"):
        if "words" in value:
            value["comment"] = value.pop("words")
            manager.filter(pk=pk).update(proposal=value)


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]

    operations = [
        migrations.RunPython(rename_key, migrations.RunPython.noop),
    ]
