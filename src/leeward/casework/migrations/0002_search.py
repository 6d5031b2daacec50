"""Cases are found by the words of their notes."""

from django.db import migrations

from leeward.casework import note_index
from leeward.tables import BesideTables


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [
        BesideTables(
            lambda editor: note_index.make(editor.connection),
            lambda editor: note_index.remove(editor.connection),
        )
    ]
