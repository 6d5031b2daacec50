"""What staff write when they decide a case is sealed: comments of assessments and of closing, why cases were merged, replies of those
who had a part in a case that somebody asks to be reviewed."""

from django.db import migrations

import leeward.sealing.fields
import leeward.tables


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_sealed_notes")]

    operations = [
        leeward.tables.WiderText(model, name, leeward.sealing.fields.SealedText(default="", together=True))
        for model, name in (("assessment", "comment"), ("bulkrun", "comment"), ("case", "close_comment"))
    ] + [
        leeward.tables.WiderText(model, name, leeward.sealing.fields.SealedText(together=True))
        for model, name in (("appealreply", "text"), ("merging", "reason"))
    ]
