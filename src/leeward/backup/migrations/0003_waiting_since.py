"""What waited on the public face when a backup was made is lost with a restoring, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backup", "0002_moved")]

    operations = [migrations.AddField("restoration", "waiting_since", models.DateTimeField(null=True))]
