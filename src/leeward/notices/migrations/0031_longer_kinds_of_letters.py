"""The kind of a letter to staff about how the police are written to is longer than the column was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0030_what_was_put_back")]

    operations = [
        migrations.AlterField(model_name="staffnote", name="what", field=models.CharField(max_length=40)),
    ]
