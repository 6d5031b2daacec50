"""What was seen of an operator's commitment is its description."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [
        migrations.RenameField(model_name="evidence", old_name="words", new_name="description"),
    ]
