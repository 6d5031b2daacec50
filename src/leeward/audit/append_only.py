"""Database triggers that refuse UPDATE and DELETE on the log's rows and heads, and on SQLite REPLACE, which deletes
without firing DELETE triggers."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("audit_auditrow", "audit_audithead")
_REFUSAL = "the log can only grow"


def refuse(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE OR REPLACE FUNCTION leeward_log_only_grows() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$ LANGUAGE plpgsql"
        )
    for table in TABLES:
        if editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                name = f"{table}_no_{verb.lower()}"
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
            refuse_replacing(editor, table)
        else:
            editor.execute(
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION leeward_log_only_grows()"
            )


def refuse_replacing(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """On SQLite, create the trigger that refuses REPLACE if it doesn't exist yet."""
    same = "id = NEW.id OR (chain = NEW.chain AND number = NEW.number)"
    is_there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names only
    editor.execute(
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN {is_there} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def allow(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers."""
    for table in TABLES:
        if editor.connection.vendor == "sqlite":
            for verb in ("update", "delete", "replace"):
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        else:
            editor.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
