"""Reports that go to another hotline with their portal."""

import django.db.models.deletion
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_unanswered_texts"),
        ("people", "0019_handed_over"),
    ]

    operations = [
        migrations.AddField("report", "handed_over_at", models.DateTimeField(null=True)),
        migrations.AddField("report", "formerly", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "report",
            models.Index(
                condition=models.Q(("closed_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=["portal", "id"],
                name="report_open",
            ),
        ),
        leeward.tables.NewTable(
            name="HandedItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=120)),
                ("case_id", models.BigIntegerField(null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=20)),
                ("state", models.CharField(blank=True, default="", max_length=20)),
                ("facts", models.JSONField(default=dict)),
                ("done", models.JSONField(default=dict)),
                ("log_row", models.BigIntegerField(null=True)),
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
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handed", to="intake.item"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["case_id"], name="handed_item_case")]},
        ),
    ]
