"""Whether anything was put back lately is asked every few minutes: that must not read every notice case."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0029_keys_of_addresses")]
    operations: ClassVar = [
        migrations.AddIndex(
            "noticecase",
            models.Index(
                fields=["put_back_at"], condition=models.Q(put_back_at__isnull=False), name="notice_case_put_back"
            ),
        ),
    ]
