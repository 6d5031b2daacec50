import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        leeward.tables.NewTable(
            name="OwnCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("competences", models.JSONField(default=list)),
                ("serial", models.PositiveIntegerField(default=1)),
                ("rotated_at", models.DateTimeField(null=True)),
                (
                    "hotline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.hotline"
                    ),
                ),
            ],
        ),
        leeward.tables.NewTable(
            name="Peer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identifier", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=200)),
                ("url", models.CharField(max_length=300)),
                ("countries", models.JSONField(default=list)),
                ("languages", models.JSONField(default=list)),
                ("competences", models.JSONField(default=list)),
                ("is_fallback", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("unconfirmed", "unconfirmed"), ("active", "active"), ("stopped", "stopped")],
                        default="unconfirmed",
                        max_length=12,
                    ),
                ),
                ("our_serial", models.PositiveIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
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
                "constraints": [models.UniqueConstraint(fields=("hotline", "identifier"), name="peer_once")],
            },
        ),
        leeward.tables.NewTable(
            name="PeerInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "peer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="exchange.peer",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["hotline", "-id"], name="peer_invitation_newest")],
            },
        ),
        leeward.tables.NewTable(
            name="PeerKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=32)),
                ("public", models.BinaryField(max_length=32)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="exchange.peer"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hotline", "name"), name="peer_key_once")],
            },
        ),
    ]
