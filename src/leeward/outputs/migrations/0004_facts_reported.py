"""What a report on its way says is compared with the decision as it stands when the report goes on."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outputs", "0003_iccam_begun")]
    operations: ClassVar = [migrations.AddField("submission", "facts", models.JSONField(null=True))]
