"""What a report of a person's own picture says, and its fingerprints until they are in the list."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_contacts_as_promised")]

    operations = [
        migrations.AddField("report", "happened", models.CharField(blank=True, default="", max_length=10)),
        migrations.AddField("report", "wish", models.CharField(blank=True, default="", max_length=10)),
        migrations.AddField("report", "fingerprints", models.TextField(blank=True, default="")),
    ]
