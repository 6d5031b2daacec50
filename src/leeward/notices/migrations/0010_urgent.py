from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0009_replies"),
    ]

    operations = [
        migrations.AddField(model_name="message", name="urgent", field=models.BooleanField(default=False)),
    ]
