"""A host may ask for a review again, with new reasons, once an earlier one is answered."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0014_kept_sealed")]
    operations: ClassVar = [
        migrations.AddField("appeal", "round", models.PositiveSmallIntegerField(default=1)),
        migrations.RemoveConstraint("appeal", "appeal_once"),
        migrations.AddConstraint(
            "appeal",
            models.UniqueConstraint(fields=["case", "origin", "origin_id", "round"], name="appeal_once_a_round"),
        ),
    ]
