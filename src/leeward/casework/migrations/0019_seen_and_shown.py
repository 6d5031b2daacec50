from django.db import migrations, models


class Migration(migrations.Migration):
    """Previews that were asked for before are taken as shown, in the first turn of the work: nothing says otherwise of them."""

    dependencies = [("casework", "0018_urgent")]

    operations = [
        migrations.AddField(model_name="view", name="turn", field=models.PositiveSmallIntegerField(default=1), preserve_default=False),
        migrations.AddField(model_name="view", name="was_shown", field=models.BooleanField(default=True)),
        migrations.AlterField(model_name="view", name="was_shown", field=models.BooleanField(default=False)),
        migrations.AlterField(model_name="assessment", name="seen", field=models.CharField(default="unseen", max_length=10)),
        migrations.AlterField(model_name="draft", name="seen", field=models.CharField(blank=True, default="", max_length=10)),
        migrations.AlterField(model_name="bulkrun", name="seen", field=models.CharField(blank=True, default="", max_length=10)),
    ]
