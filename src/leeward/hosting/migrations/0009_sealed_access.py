"""How a page is reached is sealed: the few places where something is known go into the new column, and are sealed from there."""

from django.db import migrations

import leeward.sealing.fields
import leeward.tables


class Migration(migrations.Migration):
    dependencies = [("hosting", "0008_hop_of_each_pair")]

    operations = [
        leeward.tables.NewText(
            "location", "way", leeward.sealing.fields.SealedText(blank=True, db_default="", default="")
        ),
        migrations.RunSQL(
            "UPDATE hosting_location SET way = CAST(access AS text) WHERE CAST(access AS text) <> '{}'",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField("location", "access"),
    ]
