"""Where the police hold another case about the same address, a notice case has a state of its own. What is there gets it by the worker."""

from typing import ClassVar

from django.db import migrations, models

STATES = ("untold", "police", "address", "person", "open", "stopped")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0027_who_wrote_each_note")]
    operations: ClassVar = [
        migrations.AlterField(
            "noticecase",
            "state",
            models.CharField(choices=[(state, state) for state in STATES], default="untold", max_length=8),
        ),
    ]
