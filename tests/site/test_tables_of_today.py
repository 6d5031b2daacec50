"""A start that finds the tables as they should be."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from leeward.cli.upgrade import upgrade
from leeward.site.start import prepare_database
from leeward.site.upgrading import COPY, Upgrade
from leeward.tables import steps_known
from tests.tables import give_tables

STARTED = """
import gc, sys
from leeward.site.start import prepare_database, start_on_tables
start_on_tables()
prepare_database()
print([name for name in sys.modules if ".migrations.0" in name], gc.get_freeze_count() > 100_000, gc.isenabled())
"""


@pytest.mark.django_db
def test_it_asks_what_was_migrated_and_builds_nothing(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4):
        prepare_database()


def test_what_this_code_knows_is_what_would_be_loaded() -> None:
    assert steps_known() == set(MigrationLoader(None).disk_migrations)


def test_a_start_loads_no_migration_and_takes_nothing_that_it_loads_for_garbage(tmp_path: Path) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    environment = os.environ | {"LEEWARD_DATA": str(tmp_path), "LEEWARD_DATABASE_URL": ""}
    started = subprocess.run(
        [sys.executable, "-c", STARTED], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    assert started.stdout == "[] True True\n"


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL waits without end")
def test_a_start_waits_for_another_that_upgrades_and_is_hurried_again_after(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = []

    def migrate(*_names: str, **_options: object) -> None:
        waits.append(_patience())

    monkeypatch.setattr("leeward.site.upgrading.plan", lambda _now: Upgrade(("casework 0999",), 0, ""))
    monkeypatch.setattr("django.core.management.call_command", migrate)
    before = _patience()
    prepare_database()
    assert (waits, _patience()) == ([3_600_000], before)


@pytest.mark.django_db
def test_the_command_names_the_copy_that_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made: list[str] = []
    monkeypatch.setattr(
        "leeward.site.upgrading.plan",
        lambda now: Upgrade(("casework 0999",), 0, str(tmp_path / COPY.format(at=now, of="0"))),
    )
    monkeypatch.setattr("leeward.site.upgrading.make_copy", lambda upgrade: made.append(upgrade.copy))
    monkeypatch.setattr("django.core.management.call_command", lambda *_names, **_options: None)
    freeze = iter(datetime(2026, 11, 28, 2, 0, second, tzinfo=UTC) for second in range(9))
    for module in ("leeward.cli.upgrade", "leeward.site.start"):
        monkeypatch.setattr(f"{module}.datetime", SimpleNamespace(now=lambda _zone: next(freeze)))
    assert upgrade(plan=False) == 0
    assert f"kept for a week: {made[0]}\n" in capsys.readouterr().out


def _patience() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])


@pytest.mark.django_db
def test_where_no_copy_can_be_made_the_command_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("leeward.site.upgrading.plan", lambda _now: Upgrade(("casework 0999",), 0, ""))
    is_server = connection.vendor == "postgresql"
    for has_program in (True, False):
        monkeypatch.setattr("shutil.which", lambda name, is_there=has_program: name if is_there else None)
        assert upgrade(plan=True) == 0
        shown = capsys.readouterr().out
        assert ("pg_dump" in shown) is (is_server and not has_program)
        assert "leeward backup create" not in shown, "which needs the same program"
