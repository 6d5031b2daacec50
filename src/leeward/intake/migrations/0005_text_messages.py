"""Conversations by text message."""

import django.db.models.deletion
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_own_picture"),
        ("people", "0010_own_picture"),
    ]

    operations = [
        leeward.tables.NewTable(
            name="SmsTalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("next_key", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("once", models.CharField(max_length=64)),
                ("step", models.CharField(blank=True, default="", max_length=12)),
                ("last_id", models.CharField(blank=True, default="", max_length=64)),
                ("replies", models.JSONField(blank=True, default=list)),
                ("at", models.DateTimeField(db_index=True)),
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
                    "portal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.portal",
                    ),
                ),
            ],
        ),
    ]
