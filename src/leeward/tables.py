"""What our migrations do: new tables, and what stands beside them, each at its own cost alone. How new rows of what comes by the
hundred a second are written, and how long SQLite's lock is waited for.

Django's own operations build the classes of all related models again, and here nearly all are related: with them a new database
took 14 s of processor time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddField, AlterField, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

type SchemaStep = Callable[[BaseDatabaseSchemaEditor], None]


class NewTable(CreateModel):
    """Django's `CreateModel`, for a model that none before it refers to.

    The classes that are there gain at most a reverse relation, which Django adds to them by itself: they needn't be built again.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Describe the model, and add its class to the others where they are built already."""
        classes = state.__dict__.pop("apps", None)  # where Django sees none, it only describes
        super().state_forwards(app_label, state)
        if classes is not None:
            classes.render_multiple([state.models[app_label, self.name_lower]])
            state.apps = classes


class WiderText(AlterField):
    """A column of text that takes longer ones from now on. SQLite's take any: there nothing is done, and no table is written anew."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Change the column's type where the database has lengths."""
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class NewText(AddField):
    """A new column of text, empty in the rows there are. On SQLite, too, no row is written anew, and triggers stay."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add the column; Django would make the table anew on SQLite."""
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        table, column = model._meta.db_table, model._meta.get_field(self.name).column
        schema_editor.execute(f'ALTER TABLE "{table}" ADD COLUMN "{column}" text DEFAULT \'\' NOT NULL')


class BesideTables(Operation):
    """Make triggers or search indexes by a function of the schema editor. It gets no models, so none are built."""

    def __init__(self, make: SchemaStep, remove: SchemaStep) -> None:
        """`remove` takes away what `make` made."""
        self.make, self.remove = make, remove

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make it."""
        self.make(schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take it away."""
        self.remove(schema_editor)


@contextmanager
def one_class_a_step() -> Iterator[None]:
    """Let a step that changes one table build the class of that table alone, while migrations run within the block.

    Django builds the classes of all related models again, at each of some hundred steps; here nearly all are related, and an
    upgrade of many steps took four times as long. The statements for a table need its own class, which finds those that its keys
    refer to as they are now. Where a field changes that keys refer to, or a key goes, all are built again; so they are before
    a step that works on rows (Django knows from `is_delayed` that some are old).
    """
    of_django = {name: getattr(ProjectState, name) for name in ("reload_model", "add_field")}

    def reload_model(state: ProjectState, app_label: str, model_name: str, *, delay: bool = False) -> None:
        if not delay:
            state.__dict__.pop("apps", None)
        elif "apps" in state.__dict__:
            state.is_delayed = True
            state._reload({(app_label, model_name)})  # type: ignore[attr-defined]

    def add_field(state: ProjectState, app_label: str, model_name: str, name: str, *described: Any) -> None:
        """A new key gives the other class a reverse relation, which Django adds by itself; so that is no reason to build it again."""
        classes = state.__dict__.pop("apps", None)  # where Django sees none, it only describes
        of_django["add_field"](state, app_label, model_name, name, *described)
        if classes is not None:
            state.apps = classes
            reload_model(state, app_label, model_name, delay=not described[0].many_to_many)

    try:
        for name, ours in (("reload_model", reload_model), ("add_field", add_field)):
            setattr(ProjectState, name, ours)
        yield
    finally:
        for name, theirs in of_django.items():
            setattr(ProjectState, name, theirs)


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """An index of words beside a table: on SQLite a table of its kind (FTS5) kept by triggers, on PostgreSQL an index of its name.

    `table` makes the first, `triggers` are named by the event that each follows.
    """

    name: str
    table: str
    triggers: Mapping[str, str]

    def make_on_sqlite(self, database: BaseDatabaseWrapper) -> None:
        """Make it of the rows there are, and keep it from now on; do nothing where this SQLite has no FTS5."""
        with database.cursor() as cursor:
            cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
            if not cursor.fetchone()[0]:
                return
            cursor.execute(self.table)
            cursor.execute(f"INSERT INTO {self.name}({self.name}) VALUES ('rebuild')")  # noqa: S608 - our own names only
            for event, body in self.triggers.items():
                cursor.execute(f"CREATE TRIGGER {self.name}_{event} {body}")

    def remove(self, database: BaseDatabaseWrapper) -> None:
        """Take it away."""
        with database.cursor() as cursor:
            if database.vendor == "postgresql":
                cursor.execute(f"DROP INDEX IF EXISTS {self.name}")
                return
            for event in self.triggers:
                cursor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{event}")
            cursor.execute(f"DROP TABLE IF EXISTS {self.name}")


def steps_known() -> set[tuple[str, str]]:
    """Return the app and the name of each migration of this code. None is loaded: they take longer than most commands."""
    return {
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in iter_modules([str(Path(app.path) / "migrations")])
        if not module.name.startswith("_")
    }


def are_newer() -> bool:
    """Return whether the tables have been through migrations that this code doesn't know."""
    applied = MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
    return bool(applied.keys() - steps_known())


@contextmanager
def waiting(seconds: float, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Wait so long in the block for an SQLite database that somebody keeps locked, instead of half a minute. PostgreSQL has no such
    lock."""
    if connections[using].vendor != "sqlite":
        yield
        return
    with connections[using].cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")
    try:  # without a statement that is open: with one no file is written anew
        yield
    finally:
        with connections[using].cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout={before}")


def insert(row: models.Model, using: str = DEFAULT_DB_ALIAS) -> None:
    """Store a new row, which gets its number, as `row.save(force_insert=True, using=using)` does, at a third of the cost. For a
    model without signals, parents, and defaults that the database makes."""
    database = connections[using]
    with database.cursor() as cursor:
        cursor.execute(_statement(type(row), is_numbered=True), _values(row, database))
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, using


def insert_all(rows: Iterable[models.Model], using: str = DEFAULT_DB_ALIAS, *, may_be_there: bool = False) -> None:
    """Store new rows of one model likewise; they learn no number. With `may_be_there` those that are there already stay as they are."""
    database, waiting = connections[using], list(rows)
    if waiting:
        statement = _statement(type(waiting[0])) + (" ON CONFLICT DO NOTHING" if may_be_there else "")
        with database.cursor() as cursor:
            cursor.executemany(statement, [_values(row, database) for row in waiting])


def _values(row: models.Model, database: BaseDatabaseWrapper) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, True), database) for field in _columns(type(row))]


@cache
def _columns(model: type[models.Model]) -> Sequence[Any]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


@cache
def _statement(model: type[models.Model], *, is_numbered: bool = False) -> str:
    quoted = '"{}"'.format  # as both of our databases quote
    columns = [quoted(field.column) for field in _columns(model)]
    marks = ", ".join(["%s"] * len(columns))
    added = f" RETURNING {quoted(model._meta.pk.column)}" if is_numbered else ""
    return f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(columns)}) VALUES ({marks}){added}"  # noqa: S608 - our own names only
