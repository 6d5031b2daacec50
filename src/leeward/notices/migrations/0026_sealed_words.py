"""The reporters' words in what the police are told have a column of their own, which is sealed; so has the text of mail that may quote
them. What is there is sealed by the worker, some rows after the other."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import leeward.sealing.fields
import leeward.tables

MOVE = {
    "sqlite": """
        UPDATE notices_noticecase SET
            reporter_texts = CASE WHEN json_array_length(brief, '$.reporter_texts') > 0 THEN json_extract(brief, '$.reporter_texts') ELSE '' END,
            brief = json_remove(brief, '$.reporter_texts')
        WHERE json_type(brief, '$.reporter_texts') = 'array'""",
    "postgresql": """
        UPDATE notices_noticecase SET
            reporter_texts = CASE WHEN jsonb_array_length(brief -> 'reporter_texts') > 0 THEN (brief -> 'reporter_texts')::text ELSE '' END,
            brief = brief - 'reporter_texts'
        WHERE jsonb_typeof(brief -> 'reporter_texts') = 'array'""",
}


def move_words(_apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """Move them out of the brief."""
    schema.execute(MOVE[schema.connection.vendor])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0025_decided_with_the_last_answer")]
    operations: ClassVar = [
        leeward.tables.NewText("noticecase", "reporter_texts", leeward.sealing.fields.SealedText(blank=True, default="")),
        leeward.tables.WiderText("inboundmail", "text", leeward.sealing.fields.SealedText(blank=True, default="")),
        migrations.RunPython(move_words, migrations.RunPython.noop),
    ]
