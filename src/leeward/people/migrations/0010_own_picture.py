"""Whether a portal offers to take fingerprints of a person's own picture, and how."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_a_peer_takes_two")]

    operations = [
        migrations.AddField(
            model_name="portal",
            name="own_picture",
            field=models.CharField(
                choices=[("off", "off"), ("wish", "wish"), ("police", "police")], default="off", max_length=10
            ),
        ),
    ]
