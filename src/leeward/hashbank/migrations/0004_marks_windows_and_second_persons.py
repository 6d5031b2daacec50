"""Which hashes may not be passed on, windows of pictures, how a list is read, and changes of sources that wait for a second person."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

# Which of their hashes another source brought was not kept: none goes out until one brings it again. Lists that are out learn of it.
_KEPT_HERE = (
    """
UPDATE hashbank_recordhash SET kept_here = TRUE
WHERE record_id IN (SELECT record_id FROM hashbank_vote WHERE share IN ('amber', 'red'))
""",
    """
UPDATE hashbank_record SET revision = 1 +
    (SELECT c.revision FROM hashbank_bankclock c WHERE c.hotline_id = hashbank_record.hotline_id)
WHERE id IN (SELECT record_id FROM hashbank_vote WHERE share IN ('amber', 'red'))
    AND EXISTS (SELECT 1 FROM hashbank_bankclock c WHERE c.hotline_id = hashbank_record.hotline_id)
""",
    """
UPDATE hashbank_bankclock SET revision = revision + 1
WHERE hotline_id IN (SELECT hotline_id FROM hashbank_vote WHERE share IN ('amber', 'red'))
""",
)


def keep_here(apps: Any, editor: Any) -> None:
    """Keep every hash of a record here that an entry marked AMBER or RED speaks of."""
    for statement in _KEPT_HERE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("hashbank", "0003_clients"),
        ("people", "0003_portal_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="bank",
            name="keeps_windows",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="import",
            name="options",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="recordhash",
            name="kept_here",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="RecordWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.BinaryField(max_length=32)),
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
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="windows",
                        to="hashbank.record",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["hotline", "id"], name="window_order"),
                    models.Index(fields=["hotline", "record"], name="window_record"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=8)),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("answered_by", models.CharField(default="", max_length=40)),
                ("answered_at", models.DateTimeField(null=True)),
                ("agreed", models.BooleanField(default=False)),
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
                    "into",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="hashbank.source",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="hashbank.source",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)), fields=("source",), name="source_change_once"
                    )
                ],
            },
        ),
        migrations.RunPython(keep_here, migrations.RunPython.noop),
    ]
