"""The reasons of a proposal are sealed, so they have a column of their own."""

from django.db import migrations, models

import leeward.sealing.fields
import leeward.tables


def take_out(apps, schema_editor):
    """What proposals hold goes into the new column as it is; the worker seals it."""
    manager = apps.get_model("quality", "Adjudication")._base_manager
    for pk, proposal in manager.filter(proposal__isnull=False).values_list("pk", "proposal"):
        if "comment" in proposal:
            comment = models.Value(proposal.pop("comment"), models.TextField())
            manager.filter(pk=pk).update(proposal=proposal, proposal_comment=comment)


class Migration(migrations.Migration):
    dependencies = [("quality", "0002_plain_names")]

    operations = [
        leeward.tables.NewText(
            "adjudication",
            "proposal_comment",
            leeward.sealing.fields.SealedText(db_default="", default="", together=True),
        ),
        migrations.RunPython(take_out, migrations.RunPython.noop),
    ]
