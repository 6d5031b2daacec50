"""What people ask about their data."""

import django.db.models.deletion
from django.db import migrations, models

import leeward.tables


def _to(model: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model
    )


class Migration(migrations.Migration):
    dependencies = [
        ("administration", "0002_portal_hand_over"),
        ("people", "0020_own_removal"),
    ]

    operations = [
        leeward.tables.NewTable(
            name="PersonRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("subject", models.BigIntegerField()),
                ("act", models.CharField(max_length=6)),
                ("reason", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=10)),
                ("hotline", _to("people.hotline")),
                ("asked_by", _to("people.user")),
                ("settled_by", _to("people.user", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("hotline", "kind", "subject", "act"),
                        name="person_request_once",
                    )
                ],
                "indexes": [models.Index(fields=["hotline", "-id"], name="person_request_newest")],
            },
        ),
    ]
