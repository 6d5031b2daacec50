"""Portals that a hotline offers to another one."""

import django.db.models.deletion
from django.db import migrations, models

import leeward.tables


def _to(model: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model
    )


class Migration(migrations.Migration):
    dependencies = [
        ("administration", "0001_initial"),
        ("people", "0019_handed_over"),
    ]

    operations = [
        leeward.tables.NewTable(
            name="PortalHandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("keys", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=10)),
                ("became", models.BigIntegerField(null=True)),
                ("reports", models.PositiveIntegerField(default=0)),
                ("cases", models.PositiveIntegerField(default=0)),
                ("last_report", models.BigIntegerField(default=0)),
                ("hotline", _to("people.hotline")),
                ("portal", _to("people.portal")),
                ("to", _to("people.hotline", null=True)),
                ("asked_by", _to("people.user", null=True)),
                ("settled_by", _to("people.user", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")), fields=("portal",), name="hand_over_once"
                    )
                ],
                "indexes": [
                    models.Index(fields=["hotline", "-id"], name="hand_over_newest"),
                    models.Index(fields=["to", "outcome"], name="hand_over_to"),
                ],
            },
        ),
    ]
