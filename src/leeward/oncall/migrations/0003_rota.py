"""Rotas, hand-over notes, calendars, and how long somebody's word that they deal with a page is enough."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import leeward.tables

HOWS = ("link", "desk", "case", "not_urgent", "ended", "reply")


def _to(where: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=where, **options
    )


def _one_to(where: str) -> models.OneToOneField:
    return models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=where)


def _number() -> tuple[str, models.Field]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [
        ("oncall", "0002_serials_told"),
        ("people", "0010_own_picture"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        leeward.tables.NewTable(
            name="PortalRota",
            fields=[
                _number(),
                ("hotline", _to("people.hotline")),
                ("portal", _one_to("people.portal")),
                ("rotations", models.JSONField(default=list)),
                ("overrides", models.JSONField(default=list)),
                ("partner", _to("people.portal", null=True)),
                ("partner_hours", models.CharField(blank=True, default="", max_length=11)),
                ("helps", models.JSONField(default=dict)),
                ("police_number", models.CharField(blank=True, default="", max_length=40)),
            ],
        ),
        leeward.tables.NewTable(
            name="HandOverNote",
            fields=[
                _number(),
                ("hotline", _to("people.hotline")),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.portal"
                    ),
                ),
                ("by", _to(settings.AUTH_USER_MODEL)),
                ("text", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
            ],
        ),
        leeward.tables.NewTable(
            name="CalendarFeed",
            fields=[
                _number(),
                ("hotline", _to("people.hotline")),
                ("person", _one_to(settings.AUTH_USER_MODEL)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(model_name="page", name="held_until", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="pagedreport", name="settled_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="acknowledgement",
            name="how",
            field=models.CharField(choices=[(one, one) for one in HOWS], max_length=10),
        ),
        migrations.AlterField(
            model_name="page",
            name="how",
            field=models.CharField(blank=True, choices=[(one, one) for one in HOWS], default="", max_length=10),
        ),
        migrations.AddIndex(
            model_name="page",
            index=models.Index(
                condition=models.Q(("held_until__isnull", False)), fields=["hotline", "id"], name="page_held"
            ),
        ),
    ]
