"""What requesters write is sealed."""

from django.db import migrations

import leeward.sealing.fields
import leeward.tables


class Migration(migrations.Migration):
    dependencies = [("blocklist", "0003_plain_names")]

    operations = [
        leeward.tables.WiderText("blockappeal", "text", leeward.sealing.fields.SealedText(blank=True, default=""))
    ]
