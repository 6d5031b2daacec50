"""Parts of addresses are found among all places."""

from django.db import migrations

from leeward.hosting import address_parts


class Migration(migrations.Migration):
    dependencies = [("hosting", "0002_words_of_a_page")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: address_parts.make(editor.connection),
            lambda apps, editor: address_parts.remove(editor.connection),
        )
    ]
