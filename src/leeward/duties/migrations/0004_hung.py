from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0003_urgent"),
    ]

    operations = [
        migrations.AddField(model_name="duty", name="hung", field=models.PositiveIntegerField(default=0)),
    ]
