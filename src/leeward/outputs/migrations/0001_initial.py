import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("casework", "0009_merging"),
        ("people", "0010_own_picture"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        leeward.tables.NewTable(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=20)),
                ("format", models.CharField(max_length=16)),
                ("is_valid", models.BooleanField()),
                ("refusals", models.JSONField(default=list)),
                ("validator", models.CharField(max_length=60)),
                ("digest", models.CharField(default="", max_length=64)),
                ("bytes", models.PositiveIntegerField(default=0)),
                ("is_sealed", models.BooleanField(default=False)),
                ("by_label", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="casework.case",
                    ),
                ),
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
            options={"indexes": [models.Index(fields=["hotline", "subject", "-id"], name="export_of_subject")]},
        ),
        leeward.tables.NewTable(
            name="Receiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=16)),
                ("url", models.CharField(max_length=300)),
                ("sealed", models.TextField()),
                ("is_test", models.BooleanField(default=False)),
                ("terms", models.CharField(max_length=200)),
                ("agreed_on", models.DateField()),
                ("agreed_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
            options={"constraints": [models.UniqueConstraint(fields=("hotline", "service"), name="receiver_once")]},
        ),
        leeward.tables.NewTable(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=16)),
                ("is_test", models.BooleanField()),
                ("step", models.CharField(max_length=12)),
                ("begun", models.BooleanField(default=False)),
                ("document", models.TextField(default="")),
                ("list", models.TextField(default="")),
                ("remote_id", models.CharField(default="", max_length=40)),
                ("part_id", models.CharField(default="", max_length=80)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(default="", max_length=80)),
                ("receipt", models.JSONField(null=True)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="casework.case",
                    ),
                ),
                (
                    "export",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="outputs.export",
                    ),
                ),
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
                "indexes": [models.Index(fields=["hotline", "case", "-id"], name="submission_of_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("step__in", ("retracted", "refused")), _negated=True), ("is_test", False)
                        ),
                        fields=("case", "service"),
                        name="submission_once",
                    )
                ],
            },
        ),
    ]
