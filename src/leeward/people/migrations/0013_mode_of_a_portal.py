"""What happens to reports is set for each portal: those that there are go on as their hotline did."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MODES = [("assess", "assesses"), ("post_box", "passes on to the police")]


def take_over(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Give each portal its hotline's mode, and leave it out of changes of a hotline that wait for a second person."""
    portals, changes = apps.get_model("people", "Portal"), apps.get_model("people", "PortalChange")
    portals.objects.filter(hotline__mode="post_box").update(mode="post_box")
    for change in changes.objects.filter(outcome="", what="hotline").order_by("pk"):
        if "mode" in change.wanted:
            change.before = {name: value for name, value in change.before.items() if name != "mode"}
            change.wanted = {name: value for name, value in change.wanted.items() if name != "mode"}
            change.outcome = "" if change.wanted else "replaced"
            change.save(update_fields=["before", "wanted", "outcome"])
    if editor.connection.vendor == "postgresql":
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or later steps of the same transaction can't change the table
        editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("people", "0012_helplines")]

    operations = [
        migrations.AddField(
            model_name="portal", name="mode", field=models.CharField(choices=MODES, default="assess", max_length=10)
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.RemoveField("hotline", "mode"),
    ]
