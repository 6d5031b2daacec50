"""No secret of a webhook that was told is given out a second time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("oncall", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="pagewebhook",
            name="told",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
