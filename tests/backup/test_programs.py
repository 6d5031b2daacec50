"""Where a program of PostgreSQL is missing, or too old for a copy: that says nothing about a backup, and nobody is led to delete one."""

from pathlib import Path
from typing import Any

import pytest

from leeward.backup import making, reading
from leeward.backup.databases.postgres import Postgres, ProgramMissing
from leeward.backup.databases.sqlite import Sqlite
from leeward.backup.errors import BackupDamaged, BackupNotMade, DatabaseDamaged, ProgramNeeded
from leeward.site import tasks
from leeward.site.models import Outside
from leeward.site.tasks import back_up
from tests.backup.conftest import AT, House

TOO_OLD = """#!/bin/sh
test "$LC_ALL" = C && echo 'pg_restore: error: unsupported version (1.16) in file header' >&2
exit 1
"""


class _Needing(Sqlite):
    """A database whose copies are read by a program that isn't here."""

    def fault(self, *_asked: object) -> str:
        raise ProgramMissing("pg_restore: No such file or directory")

    def damage(self, _dump: Path) -> str:
        raise ProgramMissing("pg_restore: No such file or directory")


def test_a_program_that_is_missing_or_too_old_says_nothing_of_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    with pytest.raises(ProgramMissing, match="pg_restore: No such file"):
        Postgres("").damage(tmp_path / "leeward.pgdump")
    (tmp_path / "pg_restore").write_text(TOO_OLD)
    (tmp_path / "pg_restore").chmod(0o700)
    with pytest.raises(ProgramMissing, match="unsupported version"):
        Postgres("").fault(tmp_path / "leeward.pgdump", tmp_path, [], "")


def test_a_backup_that_cant_be_read_here_is_not_called_damaged(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.back_up()
    monkeypatch.setattr(reading, "database_named", lambda _name, data, _url: _Needing(data))
    with pytest.raises(ProgramNeeded, match=r"can’t be read on this machine: pg_restore: No such file") as needed:
        house.prove()
    assert not isinstance(needed.value, BackupDamaged)
    assert "delete nothing" in str(needed.value.hint)
    with pytest.raises(ProgramNeeded):
        reading.restore(house.folder, "", house.key, data=tmp_path / "new", database_url="", now=AT)
    assert not list((tmp_path / "new").iterdir())


@pytest.mark.django_db
def test_the_night_calls_neither_the_database_nor_the_backup_damaged(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = f"{house.key}"
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"backup_to": str(house.folder), "backup_recipients": (house.public,), "backup_key": key}
    )
    monkeypatch.setattr(tasks, "newest_in", lambda _where, _now: (None, None))
    with monkeypatch.context() as change:
        change.setattr(reading, "database_named", lambda _name, data, _url: _Needing(data))
        with pytest.raises(ProgramNeeded):
            back_up()
    monkeypatch.setattr(making, "database_of", lambda data, _url: _Needing(data))
    with pytest.raises(BackupNotMade, match="No such file") as refused:
        back_up()
    assert not isinstance(refused.value, DatabaseDamaged)
    assert not Outside.objects.exists()
