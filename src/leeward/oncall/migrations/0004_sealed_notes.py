"""What somebody on call leaves for whoever comes next is sealed."""

from django.db import migrations

import leeward.sealing.fields
import leeward.tables


class Migration(migrations.Migration):
    dependencies = [("oncall", "0003_rota")]

    operations = [leeward.tables.WiderText("handovernote", "text", leeward.sealing.fields.SealedText(together=True))]
