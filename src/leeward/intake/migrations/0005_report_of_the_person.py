import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_urgency")]

    operations = [
        migrations.AddField(
            model_name="outsideappeal",
            name="report",
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.report"),
        ),
    ]
