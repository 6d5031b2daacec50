"""Whether a portal's hotline may have a person's own picture removed without telling the police."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0019_handed_over")]

    operations = [
        migrations.AddField(
            model_name="portal",
            name="own_removal",
            field=models.CharField(
                choices=[("unknown", "unknown"), ("wish", "wish"), ("police", "police")], default="unknown", max_length=10
            ),
        ),
    ]
