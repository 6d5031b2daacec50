"""What an act that can be undone changed keeps sealed texts; no table changes."""

from django.db import migrations

import leeward.sealing.fields


class Migration(migrations.Migration):
    dependencies = [("casework", "0013_sealed_comments")]

    operations = [
        migrations.AlterField("pendingaction", "changed", leeward.sealing.fields.JSONWithSealed(default=dict)),
    ]
