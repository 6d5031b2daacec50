"""How a witness answered is kept for each chain, so that a good answer about one hides no alarm about another; with evidence, the
note that it contradicts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("witnessing", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="witness",
            name="contradicts",
        ),
        migrations.RemoveField(
            model_name="witness",
            name="problem",
        ),
        migrations.AddField(
            model_name="contradiction",
            name="note",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="witness",
            name="contradicted",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="witness",
            name="problems",
            field=models.JSONField(default=dict),
        ),
    ]
