import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def portal_of_its_case(apps, editor):
    """Every request so far was about a case: its portal is that of the case."""
    case, appeal = apps.get_model("casework", "Case"), apps.get_model("casework", "Appeal")
    alias = editor.connection.alias
    there = case._base_manager.using(alias).filter(pk=OuterRef("case_id")).values("portal_id")[:1]
    appeal._base_manager.using(alias).filter(portal=None).update(portal_id=Subquery(there))


class Migration(migrations.Migration):
    dependencies = [("casework", "0015_parts"), ("people", "0008_dated_roles")]

    operations = [
        migrations.AddField(
            model_name="appeal",
            name="portal",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.portal"),
        ),
        migrations.RunPython(portal_of_its_case, migrations.RunPython.noop),
    ]
