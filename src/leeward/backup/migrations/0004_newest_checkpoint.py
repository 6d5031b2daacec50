"""Which checkpoint was the newest of the backup: times tell that only as long as no clock jumped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backup", "0003_waiting_since")]

    operations = [migrations.AddField("restoration", "checkpoint", models.BigIntegerField(db_default=0, default=0))]
