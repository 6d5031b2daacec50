import django.db.models.deletion
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [("people", "0001_initial")]

    operations = [
        leeward.tables.NewTable(
            name="Payee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("brand", models.CharField(blank=True, default="", max_length=40)),
                ("value", models.CharField(max_length=1500)),
                ("key", models.CharField(max_length=64)),
                ("weak", models.BooleanField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
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
                "constraints": [models.UniqueConstraint(fields=("hotline", "kind", "key"), name="payee_once")],
            },
        ),
        leeward.tables.NewTable(
            name="Demand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(choices=[("location", "location"), ("report", "report")], max_length=8),
                ),
                ("number", models.BigIntegerField()),
                ("amount", models.CharField(blank=True, default="", max_length=24)),
                ("currency", models.CharField(blank=True, default="", max_length=8)),
                ("descriptor", models.CharField(blank=True, default="", max_length=100)),
                ("times", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
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
                    "payee",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="demands",
                        to="payments.payee",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["hotline", "place", "number"], name="demand_where")],
                "constraints": [models.UniqueConstraint(fields=("payee", "place", "number"), name="demand_once")],
            },
        ),
    ]
