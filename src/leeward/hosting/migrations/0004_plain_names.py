"""The print of a page's text is called what it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("hosting", "0003_variants")]

    operations = [
        migrations.RenameField(model_name="fetch", old_name="words", new_name="text_print"),
    ]
