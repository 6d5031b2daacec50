"""Two things that are ill in the same way are two alarms."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("site", "0002_outside"),
    ]

    operations = [
        migrations.AddField(
            model_name="sentalarm",
            name="about",
            field=models.CharField(db_default="", default="", max_length=200),
        ),
        migrations.RemoveConstraint(
            model_name="sentalarm",
            name="alarm_once",
        ),
        migrations.AddConstraint(
            model_name="sentalarm",
            constraint=models.UniqueConstraint(fields=("code", "hotline_id", "about"), name="alarm_once_each"),
        ),
    ]
