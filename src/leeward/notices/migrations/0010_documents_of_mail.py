from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0009_more_outcomes"),
    ]

    operations = [
        migrations.AddField(
            model_name="inboundmail",
            name="documents",
            field=models.JSONField(default=list),
        ),
    ]
