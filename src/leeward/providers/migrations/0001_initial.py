import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0015_recordings"),
    ]

    operations = [
        leeward.tables.NewTable(
            name="Provider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("legal_name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("countries", models.JSONField(default=list)),
                ("security_email", models.CharField(max_length=254)),
                ("security_phone", models.CharField(blank=True, default="", max_length=40)),
                ("state", models.CharField(default="asked", max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("page_serial", models.PositiveIntegerField(default=0)),
                ("page_is_open", models.BooleanField(default=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
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
                "indexes": [
                    models.Index(fields=["hotline", "-id"], name="provider_newest"),
                    models.Index(fields=["hotline", "state", "-id"], name="provider_by_state"),
                ],
            },
        ),
        leeward.tables.NewTable(
            name="ProviderPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("email", models.CharField(max_length=254)),
                ("role", models.CharField(max_length=13)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="persons", to="providers.provider"
                    ),
                ),
            ],
        ),
        leeward.tables.NewTable(
            name="ProviderKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_sandbox", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
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
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="providers.provider"
                    ),
                ),
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.apitoken"
                    ),
                ),
            ],
        ),
        leeward.tables.NewTable(
            name="ProviderBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(max_length=4)),
                ("once", models.CharField(max_length=64)),
                ("body", models.CharField(max_length=64)),
                ("lines", models.PositiveIntegerField()),
                ("answers", models.JSONField(default=list)),
                ("urgent", models.PositiveIntegerField(default=0)),
                ("is_sandbox", models.BooleanField(default=False)),
                ("root", models.CharField(blank=True, default="", max_length=64)),
                ("received_at", models.DateTimeField()),
                ("row_number", models.BigIntegerField(default=0)),
                ("signature", models.CharField(blank=True, default="", max_length=100)),
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
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["provider", "-id"], name="provider_batch_newest")],
                "constraints": [models.UniqueConstraint(fields=("provider", "once"), name="provider_batch_once")],
            },
        ),
        leeward.tables.NewTable(
            name="ProviderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("reference", models.CharField(blank=True, default="", max_length=100)),
                ("priority", models.CharField(blank=True, default="", max_length=2)),
                ("raised", models.CharField(blank=True, default="", max_length=6)),
                ("digest", models.CharField(max_length=64)),
                ("facts", models.TextField()),
                ("known_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("state", models.CharField(max_length=9)),
                ("is_sandbox", models.BooleanField(default=False)),
                ("fold", models.CharField(blank=True, default="", max_length=32)),
                ("report_id", models.BigIntegerField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("feedback", models.CharField(blank=True, default="", max_length=11)),
                ("suspicion", models.CharField(blank=True, default="", max_length=9)),
                ("keep_until", models.DateTimeField(null=True)),
                ("is_destroyed_then", models.BooleanField(default=False)),
                ("held_until", models.DateTimeField(null=True)),
                ("destroyed_at", models.DateTimeField(null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="all_lines",
                        to="providers.providerbatch",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.providerline",
                    ),
                ),
                (
                    "folded_into",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.providerline",
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
                    "provider",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["hotline", "-id"], name="provider_line_newest"),
                    models.Index(fields=["provider", "-id"], name="provider_line_of"),
                    models.Index(fields=["hotline", "state", "id"], name="provider_line_by_state"),
                    models.Index(
                        condition=models.Q(("raised", ""), _negated=True),
                        fields=["hotline", "opened_at"],
                        name="provider_line_urgent_opened",
                    ),
                    models.Index(
                        condition=models.Q(("fold", ""), _negated=True),
                        fields=["hotline", "fold"],
                        name="provider_line_fold",
                    ),
                    models.Index(
                        condition=models.Q(("destroyed_at__isnull", True), ("keep_until__isnull", False)),
                        fields=["hotline", "keep_until"],
                        name="provider_line_kept",
                    ),
                    models.Index(
                        condition=models.Q(models.Q(("raised", ""), _negated=True), ("state", "waiting")),
                        fields=["hotline", "state"],
                        name="provider_line_first",
                    ),
                    models.Index(
                        condition=models.Q(("first__isnull", False)), fields=["first"], name="provider_line_later"
                    ),
                    models.Index(
                        condition=models.Q(("destroyed_at__isnull", True), ("keep_until__isnull", False)),
                        fields=["provider", "keep_until"],
                        name="provider_line_preserved",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "number"), name="provider_line_number"),
                    models.UniqueConstraint(fields=("provider", "digest", "is_sandbox"), name="provider_line_once"),
                ],
            },
        ),
        leeward.tables.NewTable(
            name="LineDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=9)),
                ("value", models.CharField(max_length=11)),
                ("reason", models.CharField(blank=True, default="", max_length=2000)),
                ("until", models.DateTimeField(null=True)),
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="providers.providerline",
                    ),
                ),
            ],
        ),
        leeward.tables.NewTable(
            name="DesignatedEntity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(max_length=2)),
                ("name", models.CharField(max_length=200)),
                ("for_whom", models.CharField(max_length=200)),
                ("instrument", models.CharField(max_length=200)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("source", models.CharField(max_length=300)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
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
            ],
            options={
                "indexes": [models.Index(fields=["hotline", "-since", "-id"], name="provider_entity_newest")],
            },
        ),
    ]
