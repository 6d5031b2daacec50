"""Why an entry was refused, suspended or withdrawn is sealed."""

from django.db import migrations

import leeward.sealing.fields
import leeward.tables


class Migration(migrations.Migration):
    dependencies = [("blocklist", "0004_sealed_words")]

    operations = [
        leeward.tables.WiderText(
            "entry", "ending_comment", leeward.sealing.fields.SealedText(blank=True, default="", together=True)
        )
    ]
