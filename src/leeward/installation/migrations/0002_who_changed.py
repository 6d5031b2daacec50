"""Who changed a setting is kept as in the log, by the account's number: a name would outlive an erased account."""

from datetime import datetime, timedelta

from django.db import migrations

AT_MOST = timedelta(seconds=30)  # from the change to its row of the log; both are written in one transaction


def take_numbers_from_the_log(apps, schema_editor):
    """Each change has one row of the log, in the same order; the newest first, since none of those is missing."""
    changes = apps.get_model("installation", "Change")._base_manager
    log = apps.get_model("audit", "AuditRow")._base_manager.filter(chain=0, event="installation.changed")
    for group in changes.values_list("group", flat=True).distinct():
        acts = log.filter(subject=f"settings:{group}").order_by("-number").values_list("actor", "at")
        for change, (actor, at) in zip(changes.filter(group=group).order_by("-id"), acts, strict=False):
            if abs(datetime.fromisoformat(at) - change.at) <= AT_MOST:
                changes.filter(pk=change.pk).update(by=actor)


class Migration(migrations.Migration):
    dependencies = [("installation", "0001_initial"), ("audit", "0003_tree")]

    operations = [migrations.RunPython(take_numbers_from_the_log, migrations.RunPython.noop)]
