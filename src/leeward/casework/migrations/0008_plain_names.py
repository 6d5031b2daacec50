"""What an analyst writes beside a reason is a comment, what somebody writes who disagrees the text of their appeal."""

from django.db import migrations


def rename_changed(apps, schema_editor):
    """Acts that can still be undone name the field that they changed."""
    manager = apps.get_model("casework", "PendingAction")._base_manager
    for pk, changed in manager.values_list("pk", "changed"):
        if "close_words" in changed:
            changed["close_comment"] = changed.pop("close_words")
            manager.filter(pk=pk).update(changed=changed)


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_marked_by")]

    operations = [
        migrations.RenameField(model_name="appeal", old_name="words", new_name="text"),
        migrations.RenameField(model_name="assessment", old_name="words", new_name="comment"),
        migrations.RenameField(model_name="bulkrun", old_name="words", new_name="comment"),
        migrations.RenameField(model_name="case", old_name="close_words", new_name="close_comment"),
        migrations.RunPython(rename_changed, migrations.RunPython.noop),
    ]
