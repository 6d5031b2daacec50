"""Who runs a portal, whom it is accountable to, how it and the police are reached."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_own_picture"),
    ]

    operations = [
        migrations.AddField(
            model_name="portal",
            name="accountable_to",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="portal",
            name="police_for_hosts",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="portal",
            name="reached_at",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="portal",
            name="run_by",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
