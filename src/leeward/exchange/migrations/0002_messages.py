import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("people", "0009_a_peer_takes_two"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        leeward.tables.NewTable(
            name="Exchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.CharField(max_length=36)),
                ("side", models.CharField(max_length=9)),
                ("item", models.CharField(blank=True, default="", max_length=36)),
                ("path", models.JSONField(default=list)),
                ("case_id", models.BigIntegerField(null=True)),
                ("report_id", models.BigIntegerField(null=True)),
                ("address", models.TextField(blank=True, default="")),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("is_urgent", models.BooleanField(default=False)),
                ("stage", models.CharField(blank=True, default="", max_length=12)),
                ("grade", models.CharField(blank=True, default="", max_length=12)),
                ("begun_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
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
                    "peer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exchange.peer",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hotline", "uid"), name="exchange_once")],
                "indexes": [
                    models.Index(fields=["hotline", "-id"], name="exchange_newest"),
                    models.Index(
                        condition=models.Q(("side", "hosting"), ("stage", "reported")),
                        fields=["hotline", "-is_urgent", "id"],
                        name="exchange_to_accept",
                    ),
                    models.Index(
                        condition=models.Q(("case_id__isnull", False)),
                        fields=["hotline", "case_id"],
                        name="exchange_of_case",
                    ),
                    models.Index(
                        condition=models.Q(("report_id__isnull", False)),
                        fields=["hotline", "report_id"],
                        name="exchange_of_report",
                    ),
                    models.Index(
                        condition=models.Q(("side", "reporting")), fields=["hotline", "item"], name="exchange_own_item"
                    ),
                ],
            },
        ),
        leeward.tables.NewTable(
            name="ExchangeMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(max_length=9)),
                ("number", models.PositiveSmallIntegerField()),
                ("seen", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("what", models.CharField(blank=True, default="", max_length=12)),
                ("about", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("details", models.JSONField(default=dict)),
                ("stored_at", models.DateTimeField()),
                ("waits_since", models.DateTimeField(null=True)),
                ("state", models.CharField(max_length=8)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=100)),
                ("sent_at", models.DateTimeField(null=True)),
                ("receipt", models.JSONField(null=True)),
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
                    "exchange",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="exchange.exchange",
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
                    "peer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exchange.peer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("exchange", "side", "number"), name="exchange_message_once")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["peer", "id"], name="exchange_message_waits"
                    ),
                    models.Index(
                        condition=models.Q(("state", "held")), fields=["hotline", "id"], name="exchange_message_held"
                    ),
                ],
            },
        ),
    ]
