import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0010_own_picture"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        leeward.tables.NewTable(
            name="TipRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=10)),
                ("sender_key", models.CharField(blank=True, default="", max_length=200)),
                ("number", models.CharField(max_length=100)),
                ("sender", models.CharField(blank=True, default="", max_length=200)),
                ("provider", models.CharField(blank=True, default="", max_length=200)),
                ("label", models.CharField(default="unknown", max_length=13)),
                ("incident", models.CharField(blank=True, default="", max_length=200)),
                ("place", models.CharField(blank=True, default="", max_length=200)),
                ("raised", models.JSONField(default=list)),
                ("is_urgent", models.BooleanField(default=False)),
                ("state", models.CharField(max_length=8)),
                ("doubts", models.JSONField(default=list)),
                ("fold", models.CharField(blank=True, default="", max_length=32)),
                ("versions", models.PositiveIntegerField(default=1)),
                ("arrived_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("report_id", models.BigIntegerField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=13)),
                ("outcome_at", models.DateTimeField(null=True)),
                ("forgotten_at", models.DateTimeField(null=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "bundle",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tips.tiprow",
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
                (
                    "outcome_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.portal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("hotline", "number", "system", "sender_key"), name="tip_once")
                ],
                "indexes": [
                    models.Index(fields=["hotline", "-id"], name="tip_newest"),
                    models.Index(fields=["hotline", "state", "-is_urgent", "id"], name="tip_by_state"),
                    models.Index(
                        condition=models.Q(("fold", ""), _negated=True), fields=["hotline", "fold"], name="tip_fold"
                    ),
                    models.Index(
                        condition=models.Q(("is_urgent", True)),
                        fields=["hotline", "opened_at"],
                        name="tip_urgent_opened",
                    ),
                    models.Index(condition=models.Q(("bundle__isnull", False)), fields=["bundle"], name="tip_bundle"),
                ],
            },
        ),
        leeward.tables.NewTable(
            name="TipVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("facts", models.JSONField(default=dict)),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                ("way", models.CharField(max_length=8)),
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
                    "hotline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.hotline",
                    ),
                ),
                (
                    "tip",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="all_versions",
                        to="tips.tiprow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tip", "digest"), name="tip_version_once"),
                    models.UniqueConstraint(fields=("tip", "number"), name="tip_version_number"),
                ],
            },
        ),
    ]
