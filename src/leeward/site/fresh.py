"""A new, empty database: every table at once as the models are now, instead of one migration after the other.

Seventy migrations take ten seconds, since Django makes all models anew after each step. Here a database without any table gets
them in one transaction, then whatever our migrations do beside making tables (triggers, search indexes), and all migrations
count as done. A test holds the outcome against what the migrations themselves make.
"""

from typing import TYPE_CHECKING, cast

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

if TYPE_CHECKING:
    from django.db.migrations.state import StateApps

OURS = "leeward."


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether a database has no table yet."""
    return not connection.introspection.table_names()


def build(connection: BaseDatabaseWrapper) -> None:
    """Make every table of an empty database; whole or, after a crash, not at all."""
    executor = MigrationExecutor(connection)
    plan = [migration for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    recorder = MigrationRecorder(connection)
    with connection.schema_editor(atomic=True) as editor:
        editor.create_model(recorder.Migration)
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy and not model._meta.auto_created:
                editor.create_model(model)
        for sql in editor.deferred_sql:  # indexes and foreign keys, before what may ask for them
            editor.execute(sql)
        editor.deferred_sql.clear()
        for migration in plan:
            _do_what_is_beside_tables(migration, editor)
            recorder.record_applied(migration.app_label, migration.name)


def _do_what_is_beside_tables(migration: Migration, editor: BaseDatabaseSchemaEditor) -> None:
    if not type(migration).__module__.startswith(OURS):
        return
    for operation in migration.operations:
        if isinstance(operation, RunPython):
            operation.code(cast("StateApps", apps), editor)
        elif isinstance(operation, RunSQL):
            operation._run_sql(editor, operation.sql)  # type: ignore[attr-defined]
