"""What waits for a second person: lists sent from the desk, hashes to be used again. Who vouched for a source, who cast a
vote, and how many hashes there are.
"""

import django.db.models.deletion
from django.db import migrations, models

from leeward.tables import NewTable


class Migration(migrations.Migration):
    dependencies = [
        ("hashbank", "0006_second_persons"),
        ("people", "0009_a_peer_takes_two"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="second_by",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AddField(
            model_name="quarantine",
            name="back_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="quarantine",
            name="back_by",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AddField(
            model_name="quarantine",
            name="back_why",
            field=models.CharField(default="", max_length=300),
        ),
        migrations.AddField(
            model_name="source",
            name="registered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="source",
            name="registered_by",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AddField(
            model_name="upload",
            name="proposed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="second_by",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="vote",
            name="person",
            field=models.BigIntegerField(null=True),
        ),
        NewTable(
            name="HashCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last", models.PositiveBigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                (
                    "hotline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.hotline"
                    ),
                ),
            ],
        ),
    ]
