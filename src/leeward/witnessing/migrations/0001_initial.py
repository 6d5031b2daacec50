import django.db.models.deletion
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        leeward.tables.NewTable(
            name="WatchedLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=200, unique=True)),
                ("vkey", models.CharField(max_length=400)),
                ("added_at", models.DateTimeField()),
                ("size", models.BigIntegerField(default=0)),
                ("root", models.BinaryField()),
                ("note", models.TextField(default="")),
                ("cosigned_at", models.DateTimeField(null=True)),
            ],
        ),
        leeward.tables.NewTable(
            name="Witness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vkey", models.CharField(max_length=400, unique=True)),
                ("url", models.CharField(max_length=400)),
                ("added_at", models.DateTimeField()),
                ("sizes", models.JSONField(default=dict)),
                ("cosigned_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(default="", max_length=200)),
                ("contradicts", models.BooleanField(default=False)),
            ],
        ),
        leeward.tables.NewTable(
            name="Contradiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("request", models.TextField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contradictions",
                        to="witnessing.watchedlog",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("log", "digest"), name="contradiction_once")],
            },
        ),
    ]
