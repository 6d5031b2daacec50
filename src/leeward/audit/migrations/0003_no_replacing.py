"""On SQLite a row of the log can't be replaced by another either."""

from typing import Any

from django.db import migrations

from leeward.audit import append_only


def refuse(_apps: Any, editor: Any) -> None:
    """Make the triggers where 0002 did not, because it was run by an older version."""
    if editor.connection.vendor == "sqlite":
        for table in append_only.TABLES:
            append_only.refuse_replacing(editor, table)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(refuse, migrations.RunPython.noop)]
