import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0016_appeal_portal")]

    operations = [
        migrations.AlterField(
            model_name="appeal",
            name="portal",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.portal"),
        ),
        migrations.AlterField(
            model_name="appeal",
            name="case",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="appeals", to="casework.case"),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(condition=models.Q(("case", None)), fields=("hotline", "origin", "origin_id"), name="appeal_without_case_once"),
        ),
    ]
