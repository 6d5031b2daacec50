"""Matters and referrals from before the gate: who is to be told, who was, and how far telling may go."""

from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def take_over(apps: Any, schema_editor: Any) -> None:
    matters = apps.get_model("notices", "Matter")._base_manager
    referrals = apps.get_model("notices", "Referral")._base_manager
    referrals.filter(sent_at__isnull=False).update(told_how="mail")
    # An answer proves that they have it, whatever became of the message.
    answered = referrals.filter(sent_at__isnull=True, answered_at__isnull=False)
    answered.update(told_how="answer", sent_at=F("answered_at"))
    matters.filter(tells_abroad=True).update(abroad_asked=True)
    matters.filter(problem="no_contact_abroad").update(tells_abroad=True)
    matters.filter(problem="no_police_contact").update(tells_police=True)
    # Where the host was told by then, the ladder goes on: holding it back now would bring no evidence back.
    newest = referrals.filter(matter=OuterRef("pk"), kind__in=("referral", "forward"), created_at__gte=OuterRef("started_at")).order_by("-pk")
    waiting = matters.exclude(state="stopped").filter(tells_police=True, step=0)
    untold = waiting.annotate(told=Subquery(newest.values("told_how")[:1]))
    matters.filter(pk__in=list(untold.exclude(told__gt="").values_list("pk", flat=True))).update(state="untold")


class Migration(migrations.Migration):
    dependencies = [("notices", "0012_police_first")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop, elidable=False)]
