"""Of each part of a letter's note: when it was written, by whom, and where it begins. Of those from before it isn't known."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0026_sealed_words")]
    operations: ClassVar = [migrations.AddField("referral", "note_parts", models.JSONField(blank=True, default=list))]
