"""Cases are found by the words of their notes."""

from django.db import migrations

from leeward.casework import note_index


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: note_index.make(editor.connection),
            lambda apps, editor: note_index.remove(editor.connection),
        )
    ]
