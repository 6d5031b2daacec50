"""Parts of addresses are found among all locations, and locations by the account that they share."""

from django.db import migrations

from leeward.hosting import address_parts
from leeward.hosting.sharing import ACCOUNT_INDEX
from leeward.tables import BesideTables


class Migration(migrations.Migration):
    dependencies = [("hosting", "0001_initial")]
    operations = [
        BesideTables(
            lambda editor: address_parts.make(editor.connection),
            lambda editor: address_parts.remove(editor.connection),
        ),
        migrations.RunSQL(ACCOUNT_INDEX, "DROP INDEX hosting_finding_account"),
    ]
