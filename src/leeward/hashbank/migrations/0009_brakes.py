"""What only keys say whose holder nobody has confirmed waits for a person, and so does a source that withdraws most."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q


def unsettle(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Put what only such keys call illegal before a person; lists withdraw it with their next version."""
    clocks, records, votes = (apps.get_model("hashbank", name) for name in ("BankClock", "Record", "Vote"))
    said = votes.objects.filter(withdrawn_at=None, verdict="confirm")
    by_keys = said.filter(brought_by=0).exclude(source=F("via")).values("record_id")
    by_others = said.filter(~Q(brought_by=0) | Q(source=F("via"))).values("record_id")
    found = records.objects.filter(state="confirmed", pk__in=by_keys).exclude(pk__in=by_others)
    for hotline in list(found.values_list("hotline_id", flat=True).distinct()):
        clocks.objects.filter(hotline_id=hotline).update(revision=F("revision") + 1)
        now = clocks.objects.get(hotline_id=hotline).revision
        found.filter(hotline_id=hotline).update(state="quarantined", is_baseline=False, revision=now)


class Migration(migrations.Migration):
    dependencies = [("hashbank", "0008_own_picture")]

    operations = [
        migrations.AddField("livesource", "held", models.JSONField(null=True)),
        migrations.AddField("livesource", "may_withdraw", models.PositiveBigIntegerField(default=0)),
        migrations.RunPython(unsettle, migrations.RunPython.noop),
    ]
