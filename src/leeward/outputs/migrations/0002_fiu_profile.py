"""What a financial intelligence unit has said: our number with it, its codes, its schema."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    dependencies = [
        ("outputs", "0001_initial"),
        ("people", "0015_recordings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        leeward.tables.NewTable(
            name="FiuProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entity_id", models.CharField(default="", max_length=20)),
                ("report_code", models.CharField(default="", max_length=20)),
                ("currency", models.CharField(default="", max_length=20)),
                ("live_streamed", models.CharField(default="", max_length=20)),
                ("extortion", models.CharField(default="", max_length=20)),
                ("schema", models.TextField(default="")),
                ("schema_name", models.CharField(default="", max_length=100)),
                ("digest", models.CharField(default="", max_length=64)),
                ("at", models.DateTimeField()),
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
                    "hotline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.hotline",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("hotline",), name="fiu_profile_once")]},
        ),
    ]
