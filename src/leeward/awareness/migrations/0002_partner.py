import django.db.models.deletion
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    dependencies = [("awareness", "0001_initial")]

    operations = [
        leeward.tables.NewTable(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("address", models.CharField(max_length=500)),
                ("is_oai", models.BooleanField(default=False)),
                (
                    "reading",
                    models.CharField(
                        choices=[
                            ("unread", "unread"),
                            ("read", "read"),
                            ("no_answer", "no_answer"),
                            ("too_much", "too_much"),
                            ("not_material", "not_material"),
                        ],
                        default="unread",
                        max_length=12,
                    ),
                ),
                ("read_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("offered", models.TextField(blank=True, default="")),
                ("new", models.PositiveIntegerField(default=0)),
                ("left_out", models.PositiveIntegerField(default=0)),
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
                    models.UniqueConstraint(fields=("hotline", "address"), name="partner_catalogue_once"),
                ],
            },
        ),
    ]
