"""What a reporter wrote is the text of the report."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.RenameField(model_name="report", old_name="words", new_name="text"),
    ]
