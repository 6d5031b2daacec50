"""What asks for money has a place of its own in the queue, before the rest: the rest moves behind it."""

from typing import Any

from django.db import migrations
from django.db.models import F

_BAND = 10**11


def make_room(apps: Any, editor: Any) -> None:
    """Move the cases of the last band, which was the third, behind the new one."""
    case = apps.get_model("casework", "Case")
    case.objects.filter(priority__gte=2 * _BAND, priority__lt=3 * _BAND).update(priority=F("priority") + _BAND)


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_merging")]

    operations = [migrations.RunPython(make_room, migrations.RunPython.noop)]
