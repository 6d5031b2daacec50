"""What waits for a second person: a vote of the hotline that changes a record, a hash that is to be set aside."""

import django.db.models.deletion
from django.db import migrations, models

from leeward.tables import NewTable


class Migration(migrations.Migration):
    dependencies = [
        ("hashbank", "0005_live_sources"),
        ("people", "0003_portal_changes"),
    ]

    operations = [
        NewTable(
            name="VoteChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verdict", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=300)),
                ("label", models.CharField(default="", max_length=40)),
                ("facts", models.JSONField(default=dict)),
                ("case_id", models.BigIntegerField(default=0)),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("answered_by", models.CharField(default="", max_length=40)),
                ("answered_at", models.DateTimeField(null=True)),
                ("agreed", models.BooleanField(default=False)),
                (
                    "hotline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.hotline",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="vote_changes",
                        to="hashbank.record",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)), fields=["hotline"], name="vote_change_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)), fields=("record",), name="vote_change_once"
                    )
                ],
            },
        ),
        migrations.AddField(model_name="quarantine", name="aside_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="quarantine", name="aside_by", field=models.CharField(default="", max_length=40)
        ),
        migrations.AddField(
            model_name="quarantine", name="aside_why", field=models.CharField(default="", max_length=300)
        ),
        migrations.RemoveConstraint(model_name="ruling", name="ruling_once"),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    models.Q(("needs_second", False), ("second_at__isnull", False), _connector="OR"),
                ),
                fields=("record",),
                name="ruling_counts_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("needs_second", True), ("second_at__isnull", True)),
                fields=("record",),
                name="ruling_waits_once",
            ),
        ),
    ]
