from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0017_what_else_takes_two")]

    operations = [
        migrations.AddField("hotline", "commercial_first", models.BooleanField(default=False)),
    ]
