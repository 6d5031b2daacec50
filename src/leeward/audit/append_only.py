"""Database triggers that refuse UPDATE and DELETE on the log's rows and heads, and on SQLite REPLACE, which deletes
without firing DELETE triggers."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("audit_auditrow", "audit_audithead")
CHECKPOINTS = ("audit_auditcheckpoint", "audit_auditcosignature")
_REFUSAL = "the log can only grow"


def refuse(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of rows and heads."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            f"CREATE OR REPLACE FUNCTION leeward_log_only_grows() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$ LANGUAGE plpgsql"
        )
    refuse_changing(editor, TABLES)
    if editor.connection.vendor == "sqlite":
        for table in TABLES:
            refuse_replacing(editor, table)


def refuse_checkpoints(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of checkpoints and cosignatures."""
    refuse_changing(editor, CHECKPOINTS)
    if editor.connection.vendor == "sqlite":
        refuse_replacing(editor, CHECKPOINTS[0], "id = NEW.id OR (chain = NEW.chain AND body = NEW.body)")
        same = "id = NEW.id OR (checkpoint_id = NEW.checkpoint_id AND vkey = NEW.vkey AND seen_at = NEW.seen_at)"
        refuse_replacing(editor, CHECKPOINTS[1], same)


def refuse_changing(editor: BaseDatabaseSchemaEditor, tables: tuple[str, ...]) -> None:
    """Create the triggers that refuse UPDATE and DELETE."""
    for table in tables:
        if editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                name = f"{table}_no_{verb.lower()}"
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
        else:
            editor.execute(
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION leeward_log_only_grows()"
            )


ROW = "id = NEW.id OR (chain = NEW.chain AND number = NEW.number)"


def refuse_replacing(editor: BaseDatabaseSchemaEditor, table: str, same: str = ROW) -> None:
    """On SQLite, create the trigger that refuses REPLACE if it doesn't exist yet; `same` says which row it would replace."""
    is_there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names only
    editor.execute(
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN {is_there} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def allow(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers of rows and heads."""
    allow_changing(editor, TABLES)


def allow_checkpoints(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers of checkpoints and cosignatures."""
    allow_changing(editor, CHECKPOINTS)


def allow_changing(editor: BaseDatabaseSchemaEditor, tables: tuple[str, ...]) -> None:
    """Drop the triggers of some tables."""
    for table in tables:
        if editor.connection.vendor == "sqlite":
            for verb in ("update", "delete", "replace"):
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        else:
            editor.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
