"""Notes and drafts of staff are sealed; the index that held the words of notes goes, and a search opens the newest."""

from django.db import migrations, models

import leeward.sealing.fields
import leeward.tables
from leeward.casework import note_index


class Migration(migrations.Migration):
    dependencies = [("casework", "0011_sealed_words")]

    operations = [
        leeward.tables.BesideTables(
            lambda editor: note_index.remove(editor.connection),
            lambda editor: note_index.make(editor.connection),
        ),
        leeward.tables.WiderText("note", "text", leeward.sealing.fields.SealedText(together=True)),
        leeward.tables.WiderText("draft", "text", leeward.sealing.fields.SealedText(default="", together=True)),
        migrations.AddIndex("note", models.Index(fields=["hotline", "-id"], name="note_newest")),
    ]
