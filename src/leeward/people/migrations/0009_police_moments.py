"""When the police of a portal are told of an urgent report."""

from django.db import migrations, models

MOMENTS = [(moment, moment) for moment in ("at_once", "after_look", "after_assessment")]


class Migration(migrations.Migration):
    dependencies = [("people", "0008_dated_roles")]

    operations = [
        migrations.AddField(
            model_name="portal",
            name="police_on_danger",
            field=models.CharField(choices=MOMENTS, default="at_once", max_length=16),
        ),
        migrations.AddField(
            model_name="portal",
            name="police_on_urgent",
            field=models.CharField(choices=MOMENTS, default="after_look", max_length=16),
        ),
    ]
