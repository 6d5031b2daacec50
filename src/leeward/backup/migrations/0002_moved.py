"""A hotline that moved here is not called restored from a backup."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backup", "0001_initial")]

    operations = [migrations.AddField("restoration", "moved", models.BooleanField(db_default=False, default=False))]
