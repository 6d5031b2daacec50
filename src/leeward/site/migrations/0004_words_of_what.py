"""Room for a sentence that is translated when it is shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("site", "0003_alarm_of_each")]

    operations = [migrations.AlterField("outside", "what", models.CharField(blank=True, default="", max_length=1000))]
