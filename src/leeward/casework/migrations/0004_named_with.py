"""What else an urgent report names goes before other cases too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_second_assessment")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="named_with",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.case"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("named_with__isnull", False)), fields=["named_with"], name="case_named"
            ),
        ),
    ]
