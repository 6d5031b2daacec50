"""Each provider has its turn: an index of the lines that wait, by provider."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("providers", "0002_heard_and_reminded")]

    operations = [
        migrations.AddIndex(
            model_name="providerline",
            index=models.Index(
                fields=["hotline", "provider", "id"],
                condition=models.Q(state="waiting", raised=""),
                name="provider_line_turn",
            ),
        ),
    ]
