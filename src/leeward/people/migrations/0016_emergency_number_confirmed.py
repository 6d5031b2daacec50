"""Which emergency number of a portal somebody confirmed, who and when: nobody has confirmed those that there are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0015_recordings")]

    operations = [
        migrations.AddField("portal", "emergency_confirmed", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField("portal", "emergency_confirmed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "portal",
            "emergency_confirmed_by",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.user"
            ),
        ),
    ]
