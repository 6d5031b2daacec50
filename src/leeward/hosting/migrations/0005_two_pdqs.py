"""Both conventions of PDQ for files that were found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A picture is looked up by both; of what was seen before only one is known."""

    dependencies = [("hosting", "0004_by_hash_and_account")]

    operations = [
        migrations.AddField("foundfile", "pdq_nn512", models.CharField(blank=True, default="", max_length=64)),
    ]
