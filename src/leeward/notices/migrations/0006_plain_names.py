"""How many notices a contact was asked about, and what reporters wrote, have the names that the code has."""

from django.db import migrations


def rename_key(apps, schema_editor):
    """Briefs of the cases that there are."""
    manager = apps.get_model("notices", "NoticeCase")._base_manager
    for pk, value in manager.all().values_list("pk", "brief"):
        if "words" in value:
            value["reporter_texts"] = value.pop("words")
            manager.filter(pk=pk).update(brief=value)


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_told_by")]

    operations = [
        migrations.RenameField(model_name="contact", old_name="told", new_name="asked"),
        migrations.RunPython(rename_key, migrations.RunPython.noop),
    ]
