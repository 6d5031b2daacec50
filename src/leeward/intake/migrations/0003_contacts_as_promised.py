"""A contact is kept for as long as the form said when it was given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_plain_names")]

    operations = [
        migrations.AddField("outsideappeal", "contact_days", models.PositiveIntegerField(null=True)),
        migrations.AddField("report", "contact_days", models.PositiveIntegerField(null=True)),
    ]
