"""What every test stands on: personas, a browser, the log that may be emptied between tests."""

import gc
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import on_postgres
from tests.shares import left_to_others
from tests.tables import give_tables
from tests.together import ByFile, group_of, keep_together, shares_something

# No example is timed: a busy machine is no fault. CI repeats the same examples, so that a change is judged by itself; runs by
# hand search at random.
settings.register_profile("by hand", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("by hand"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("LEEWARD_TEST_ALL") else "by hand")

pytest_plugins = ["tests.personas", "tests.browser", "tests.firefox", "tests.tap"]


LONG_ONES = ("slow", "servers", "browser")  # marks, besides groups
# Programs of others that a busy machine makes late are asked once more, and the summary names each such test; a wrong answer is wrong
# at once.
OF_OTHERS = ("browser", "servers")
OF_THE_MACHINE = ["TimeoutError", "Address already in use"]
# What Django writes by itself after migrating: emptied, it would have to be written again for every test.
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is loaded with thousands of tests stays to the end: without this the collector walks through all of it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 10, 50)
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long ones first and the quickest last, so that no core waits at the end; on PostgreSQL only what touches the database: all
    else was the same."""
    items.sort(key=order)
    for item in items:
        if any(item.get_closest_marker(mark) for mark in OF_OTHERS):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=OF_THE_MACHINE))
    if os.environ.get("LEEWARD_DATABASE_URL", "").startswith("postgres"):
        leave_out(config, items, set(items) - set(on_postgres.chosen(items)))
        if folder := os.environ.get(on_postgres.RECORD):
            config.pluginmanager.register(on_postgres.Recorder(folder))
    leave_out(config, items, left_to_others(items, {item: takes_long(item) for item in items}))
    keep_together(config, items)


def leave_out(config: pytest.Config, items: list[pytest.Item], left: set[pytest.Item]) -> None:
    """Take these tests out of a run."""
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


def takes_long(item: pytest.Item) -> bool:
    """Whether a test is marked as long, or is of a group, whose tests share what takes long to make."""
    return bool(group_of(item)) or any(item.get_closest_marker(mark) for mark in LONG_ONES)


def order(item: pytest.Item) -> tuple[bool, bool]:
    """When a test's turn is: what is marked as long or shares something comes before the rest, pure rules after it."""
    return not (shares_something(item) or takes_long(item)), "/rules/" in item.nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How the tests are handed out to the processes of a run."""
    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that failed to who started this run, who may give a few of them a second chance."""
    if place := os.environ.get("LEEWARD_TEST_FAILED"):
        bad = [report for outcome in ("failed", "error") for report in terminalreporter.stats.get(outcome, [])]
        names = dict.fromkeys(re.sub(r"@[\w-]+$", "", report.nodeid) for report in bad)  # without xdist's group
        Path(place).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def emptied_tables() -> list[str]:
    """The tables that are emptied between transactional tests."""
    from django.db import connection

    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT_TABLES
    return [connection.ops.quote_name(table) for table in sorted(tables)]


def empty_postgres() -> None:
    """Delete every row, with no trigger fired: a hundred times faster than TRUNCATE, which makes every file anew."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica;"
            + "".join(f"DELETE FROM {table};" for table in emptied_tables())
            + "SET session_replication_role = DEFAULT"
        )


def empty_sqlite() -> None:
    """Delete every row of the tables that have any. Django would also look at every table's keys, and make anew what is kept."""
    from django.db import connection

    from leeward.audit import append_only

    tables = emptied_tables()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables))
        full = [table for (table,) in cursor.fetchall()]
    with connection.schema_editor() as editor:  # foreign keys are not checked within
        append_only.allow(editor)
        append_only.allow_checkpoints(editor)
        for table in full:
            editor.execute(f"DELETE FROM {table}")
        editor.execute("DELETE FROM sqlite_sequence")  # numbers begin at 1 again, as after a test that is rolled back
        append_only.refuse(editor)
        append_only.refuse_checkpoints(editor)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite the tables are there before the first test; what is in the file's folder goes when the run ends. On PostgreSQL they
    are made as in a new installation."""
    from django.core.management.commands.migrate import Command
    from django.db import connection

    from leeward.site.first_tables import make_first_tables

    if connection.vendor != "sqlite":
        migrate = Command.handle

        def handle(self: Command, *arguments: str, **options: Any) -> object:
            make_first_tables()
            return migrate(self, *arguments, **options)

        Command.handle = handle
        return False
    give_tables(Path(connection.settings_dict["TEST"]["NAME"]))
    return True


@pytest.fixture(autouse=True)
def _files_are_for_other_programs_too() -> None:
    """Our processes keep what they write to themselves (`site/private.py`); what a test writes for another user's program (a mail
    server, a proxy) must be readable there."""
    os.umask(0o022)


# Files of the data directory that a process follows, and where a process keeps what it read. A test's rows are gone after it, and
# the next one gets their numbers: what was kept of them would be taken for its own, or be looked up again with every question.
FOLLOWED = ("hashbank", "installation-changed", "locale")
KEPT = {
    "leeward.installation.stamp": "forget",
    "leeward.hashbank.records.live": "forget",
    "leeward.hashbank.records.licensed": "forget_codes",
    "leeward.web.portals": "forget_portals",
    "leeward.site.health": "forget",
    "leeward.sealing.fields": "forget_shared_key",
}


@pytest.fixture(autouse=True)
def _nothing_is_kept_from_other_tests() -> None:
    """Every test has a process that has just started, in an empty data directory."""
    data = Path(os.environ["LEEWARD_DATA"])
    for name in FOLLOWED:
        place = data / name
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    for name, forget in KEPT.items():
        if module := sys.modules.get(name):
            getattr(module, forget)()
    if cache := sys.modules.get("django.core.cache"):
        cache.cache.clear()  # a code of the second step works once: the next test's account would have used it already


@pytest.fixture(autouse=True)
def _words_keys_belong_to_no_other_database() -> None:
    """The store of keys remembers the database of the test before, which is gone: this test's would be another one. The keys stay: those
    of a beginning that several tests share (`tests/kept.py`) are among them."""
    place = Path(os.environ["LEEWARD_DATA"], "words.sqlite3")
    if place.exists() and place.stat().st_size:
        with closing(sqlite3.connect(place, timeout=30, isolation_level=None)) as store:
            store.execute("PRAGMA synchronous=OFF")
            store.execute("DELETE FROM belongs")


@pytest.fixture(autouse=True, scope="session")
def _words_have_a_key(django_test_environment: None) -> None:
    """As after `leeward setup`; made by the first report, it would cost that one a query."""
    from leeward.sealing import keys

    key = keys.new_identity()
    keys.write([key], keys.Public(str(key.to_public())), "")


@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals without their page, for tests that ask thousands of addresses and judge by the status; what the page says is tested in
    `tests/web`."""
    from django.http import HttpRequest, HttpResponse
    from django.shortcuts import render

    from leeward.web import views

    def bare(request: HttpRequest, template: str, *values: Any, status: int | None = None) -> HttpResponse:
        if template == "web/error.html":
            return HttpResponse(status=status)
        return render(request, template, *values, status=status)

    monkeypatch.setattr(views, "render", bare)


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_cheap() -> None:
    """Hashing a password is slow on purpose; the tests' own servers hash hundreds. What `serve` runs is not touched."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1_000


@pytest.fixture(autouse=True, scope="session")
def _what_does_not_fit_is_refused(django_test_environment: None) -> None:
    """SQLite takes any value into any column."""
    from tests.postgres_limits import refuse_what_postgres_does

    if not os.environ.get("LEEWARD_DATABASE_URL"):
        refuse_what_postgres_does()


@pytest.fixture(autouse=True, scope="session")
def _names_of_staff_are_kept_where_they_are_erased(django_test_environment: None) -> None:
    """Who did something is kept by number; the few fields with names are those that erasing empties."""
    from tests.staff_names import refuse_names_that_stay

    refuse_names_that_stay()


@pytest.fixture(autouse=True, scope="session")
def _pages_keep_no_notes(django_test_environment: None) -> None:
    """Django's tests note with which values each template was filled, which takes longer than filling the small ones; ours read the
    page."""
    from django.template.base import Template
    from django.test.utils import _TestState

    Template._render = _TestState.saved_data.template_render


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_found_once(django_test_environment: None) -> None:
    """Each of Django's test clients starts the middleware anew, which would look at every static file again."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def once(self: WhiteNoiseMiddleware) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = once


@pytest.fixture(autouse=True, scope="session")
def _portals_are_not_remembered() -> None:
    """A test that changes a portal's row sees the change at once."""
    from leeward.web import portals
    from leeward.web_security import remembered

    portals.KEPT_SECONDS = remembered.KEPT_SECONDS = 0.0


@pytest.fixture(autouse=True, scope="session")
def _log_may_be_emptied() -> Iterator[None]:
    """The database refuses to delete from the log; between transactional tests it has to, so the triggers step aside."""
    from django.db import connection
    from django.test import TransactionTestCase

    original = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        if connection.vendor == "postgresql":
            empty_postgres()
        else:
            empty_sqlite()

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original
