"""The log can only grow: the database itself refuses UPDATE and DELETE on its rows and heads."""

from django.db import migrations

from leeward.audit import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: append_only.refuse(editor),
            lambda apps, editor: append_only.allow(editor),
        )
    ]
