"""Helplines have records of their own. What a portal named until now stays shown, and somebody has to confirm it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from leeward.tables import NewTable

OLD = ("helpline_name", "helpline_number")


def take_over(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make a record of each portal's helpline, and leave it out of changes that wait for a second person."""
    portals, changes = apps.get_model("people", "Portal"), apps.get_model("people", "PortalChange")
    helplines = apps.get_model("people", "Helpline")
    for portal in portals.objects.exclude(helpline_number="").order_by("pk"):
        name = portal.helpline_name or portal.helpline_number
        helplines.objects.create(portal=portal, whom="child", name=name, number=portal.helpline_number, is_shown=True)
    for change in changes.objects.filter(outcome="", what="portal").order_by("pk"):
        if any(name in change.wanted for name in OLD):
            change.before = {name: value for name, value in change.before.items() if name not in OLD}
            change.wanted = {name: value for name, value in change.wanted.items() if name not in OLD}
            change.outcome = "" if change.wanted else "replaced"
            change.save(update_fields=["before", "wanted", "outcome"])
    if editor.connection.vendor == "postgresql":
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or later steps of the same transaction can't change the table
        editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("people", "0011_who_runs_it")]

    operations = [
        NewTable(
            name="Helpline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "whom",
                    models.CharField(choices=[("child", "child"), ("adult", "adult"), ("own", "own")], max_length=8),
                ),
                ("name", models.CharField(max_length=120)),
                ("names", models.JSONField(blank=True, default=dict)),
                ("number", models.CharField(blank=True, default="", max_length=40)),
                ("text_number", models.CharField(blank=True, default="", max_length=40)),
                ("whatsapp", models.CharField(blank=True, default="", max_length=40)),
                ("chat_url", models.URLField(blank=True, default="")),
                ("url", models.URLField(blank=True, default="")),
                ("hours", models.CharField(blank=True, default="", max_length=200)),
                ("zone", models.CharField(blank=True, default="", max_length=60)),
                (
                    "charge",
                    models.CharField(
                        blank=True,
                        choices=[("", ""), ("free", "free"), ("charged", "charged")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("languages", models.CharField(blank=True, default="", max_length=200)),
                ("access", models.JSONField(blank=True, default=list)),
                ("source", models.CharField(blank=True, default="", max_length=300)),
                ("is_shown", models.BooleanField(default=False)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.user"
                    ),
                ),
                (
                    "portal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="helplines", to="people.portal"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("portal", "name"), name="helpline_named_once")],
            },
        ),
        migrations.AlterField(
            model_name="portalchange",
            name="what",
            field=models.CharField(
                choices=[
                    ("portal", "portal"),
                    ("on_call_mail", "on_call_mail"),
                    ("page_webhook", "page_webhook"),
                    ("hotline", "hotline"),
                    ("police_contact", "police_contact"),
                    ("police_text", "police_text"),
                    ("mail_server", "mail_server"),
                    ("installation", "installation"),
                    ("peer", "peer"),
                    ("helpline", "helpline"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.RemoveField("portal", "helpline_name"),
        migrations.RemoveField("portal", "helpline_number"),
    ]
