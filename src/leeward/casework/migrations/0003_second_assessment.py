"""A case that waits for a second assessment has that name for its state, also where the state was written down."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from leeward.tables import BesideTables

OLD, NEW = "second_look", "second_assessment"
# What somebody asked for or can still undo: states stand in these as words of JSON.
WRITTEN_DOWN = (("casework_savedview", "asked"), ("casework_listtaken", "asked"), ("casework_pendingaction", "changed"))


def make_room(editor: BaseDatabaseSchemaEditor) -> None:
    """The new name is longer than the column was; SQLite holds any length."""
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE casework_case ALTER COLUMN state TYPE varchar(20)")


def leave_room(editor: BaseDatabaseSchemaEditor) -> None:
    """A longer column holds the old name as well."""


def rename(editor: BaseDatabaseSchemaEditor, old: str, new: str) -> None:
    """Put one name in the place of the other wherever it stands."""
    cast, back = ("::text", "::jsonb") if editor.connection.vendor == "postgresql" else ("", "")
    editor.execute("UPDATE casework_case SET state = %s WHERE state = %s", [new, old])
    for table, column in WRITTEN_DOWN:
        editor.execute(
            f"UPDATE {table} SET {column} = replace({column}{cast}, %s, %s){back} WHERE {column}{cast} LIKE %s",  # noqa: S608 - our own names only
            [f'"{old}"', f'"{new}"', f'%"{old}"%'],
        )


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_search")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[BesideTables(make_room, leave_room)],
            state_operations=[
                migrations.AlterField("case", "state", models.CharField(default="received", max_length=20))
            ],
        ),
        BesideTables(lambda editor: rename(editor, OLD, NEW), lambda editor: rename(editor, NEW, OLD)),
    ]
