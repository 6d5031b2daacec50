"""A tree over the rows of each chain: nonces, peaks, tiles, checkpoints and their cosignatures. Old rows stay as they are."""

import django.db.models.deletion
from django.db import migrations, models

from leeward.audit import append_only
from leeward.audit.tree import planting
from leeward.tables import BesideTables, NewTable


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditrow",
            name="nonce",
            field=models.CharField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="audittip",
            name="began_anew",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="audittip",
            name="origin",
            field=models.CharField(db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="audittip",
            name="peaks",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="audittip",
            name="salt",
            field=models.CharField(max_length=64, null=True),
        ),
        NewTable(
            name="AuditCheckpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("body", models.TextField()),
                ("line", models.TextField()),
                ("vkey", models.CharField(max_length=400)),
            ],
            options={
                "indexes": [models.Index(fields=["chain", "size"], name="audit_checkpoint_size")],
                "constraints": [models.UniqueConstraint(fields=("chain", "body"), name="audit_checkpoint_once")],
            },
        ),
        NewTable(
            name="AuditTile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.BigIntegerField()),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("hashes", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("chain", "level", "number"), name="audit_tile_once")],
            },
        ),
        NewTable(
            name="AuditCosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("vkey", models.CharField(max_length=400)),
                ("seen_at", models.BigIntegerField()),
                ("line", models.TextField()),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="audit.auditcheckpoint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("checkpoint", "vkey", "seen_at"), name="audit_cosignature_once")
                ],
            },
        ),
        BesideTables(append_only.refuse_checkpoints, append_only.allow_checkpoints),
        BesideTables(lambda editor: planting.plant(editor.connection), lambda editor: None),
    ]
