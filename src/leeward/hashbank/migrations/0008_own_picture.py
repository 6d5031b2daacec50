"""Fingerprints of people's own pictures: a list beside the bank."""

import django.db.models.deletion
from django.db import migrations, models

from leeward.tables import NewTable


class Migration(migrations.Migration):
    dependencies = [
        ("hashbank", "0007_second_persons_of_lists"),
        ("people", "0010_own_picture"),
    ]

    operations = [
        NewTable(
            name="OwnPictureHash",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("report_id", models.BigIntegerField()),
                ("file", models.PositiveSmallIntegerField()),
                ("kind", models.PositiveSmallIntegerField()),
                ("key", models.BigIntegerField()),
                ("value", models.BinaryField(max_length=32)),
                ("quality", models.PositiveSmallIntegerField(null=True)),
                ("second", models.PositiveSmallIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
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
                "indexes": [
                    models.Index(fields=["hotline", "key"], name="own_picture_key"),
                    models.Index(fields=["hotline", "report_id"], name="own_picture_report"),
                ],
            },
        ),
    ]
