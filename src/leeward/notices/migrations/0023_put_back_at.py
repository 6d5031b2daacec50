"""Notice cases that were put back wait for a person."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0022_holds_are_shared")]
    operations: ClassVar = [migrations.AddField("noticecase", "put_back_at", models.DateTimeField(null=True))]
