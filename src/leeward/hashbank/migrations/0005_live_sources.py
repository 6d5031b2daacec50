"""Sources that are pulled from and fed back to."""

import django.db.models.deletion
from django.db import migrations, models

from leeward.tables import NewTable


class Migration(migrations.Migration):
    dependencies = [
        ("hashbank", "0004_marks_windows_and_second_persons"),
        ("people", "0003_portal_changes"),
    ]

    operations = [
        NewTable(
            name="LiveSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=80)),
                ("protocol", models.CharField(max_length=16)),
                ("url", models.CharField(max_length=300)),
                ("part", models.CharField(default="", max_length=80)),
                ("own_name", models.CharField(default="", max_length=80)),
                ("public_key", models.CharField(default="", max_length=60)),
                ("sealed", models.TextField(default="")),
                ("bank", models.CharField(max_length=60)),
                ("mapping", models.JSONField(default=dict)),
                ("every_minutes", models.PositiveIntegerField(default=60)),
                ("added_by", models.CharField(max_length=40)),
                ("added_at", models.DateTimeField()),
                ("terms", models.CharField(default="", max_length=200)),
                ("agreed_on", models.DateField(null=True)),
                ("agreed_by", models.CharField(default="", max_length=40)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("second_by", models.CharField(default="", max_length=40)),
                ("second_at", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("checkpoint", models.JSONField(default=dict)),
                ("serial", models.PositiveBigIntegerField(default=0)),
                ("import_id", models.BigIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("good_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("problem", models.JSONField(null=True)),
                ("alarm_at", models.DateTimeField(null=True)),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("added", models.PositiveBigIntegerField(default=0)),
                ("joined", models.PositiveBigIntegerField(default=0)),
                ("withdrawn", models.PositiveBigIntegerField(default=0)),
                ("broken", models.PositiveBigIntegerField(default=0)),
                ("reason", models.CharField(default="", max_length=60)),
                ("previewed_at", models.DateTimeField(null=True)),
                ("feeds_back", models.BooleanField(default=False)),
                (
                    "hotline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.hotline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("hotline", "name"),
                        name="live_source_once",
                    )
                ],
            },
        ),
        NewTable(
            name="SourceFeedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("foreign_id", models.CharField(max_length=60)),
                ("wanted", models.CharField(max_length=12)),
                ("sent", models.CharField(default="", max_length=12)),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField()),
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
                    "live",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="hashbank.livesource",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hashbank.record"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("live", "record", "foreign_id"), name="source_feedback_once")
                ],
            },
        ),
    ]
