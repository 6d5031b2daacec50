"""What an objector wrote is its text, what a person wrote at an entry's end its comment."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blocklist", "0002_basis")]

    operations = [
        migrations.RenameField(model_name="blockappeal", old_name="words", new_name="text"),
        migrations.RenameField(model_name="entry", old_name="ending_words", new_name="ending_comment"),
    ]
