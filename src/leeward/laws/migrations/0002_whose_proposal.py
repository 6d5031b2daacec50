import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def say_whose(apps, schema_editor):
    """A proposal belongs to its proposer's hotline; what waits is looked at anew by two people of the hotline that decides."""
    revision = apps.get_model("laws", "LawRevision")
    for row in revision.objects.filter(by_user__isnull=False).select_related("by_user"):
        revision.objects.filter(pk=row.pk).update(proposed_in_id=row.by_user.hotline_id)


def _hotline():
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.hotline"
    )


class Migration(migrations.Migration):

    dependencies = [("laws", "0001_register"), ("people", "0008_dated_roles")]

    operations = [
        migrations.AddField("lawrevision", "proposed_in", _hotline()),
        migrations.AddField(
            "lawrevision",
            "endorsed_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("lawrevision", "endorsed_in", _hotline()),
        migrations.AddField("lawrevision", "answer", models.CharField(blank=True, default="", max_length=500)),
        migrations.RunPython(say_whose, migrations.RunPython.noop),
    ]
