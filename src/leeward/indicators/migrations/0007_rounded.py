from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0006_victims_identified"),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="rounded",
            field=models.JSONField(null=True),
        ),
    ]
