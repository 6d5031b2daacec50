"""A portal that was handed over to another hotline, and the one that went on with its name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0018_commercial_first")]

    operations = [
        migrations.AddField(
            "portal",
            "formerly",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.portal",
            ),
        ),
        migrations.AddField("portal", "handed_over_at", models.DateTimeField(blank=True, null=True)),
    ]
