"""PostgreSQL's own archive of its write-ahead log brings an installation back to any moment, as docs/how-to/backups.md says; then it is held."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.migrations.databases import OtherDatabase
from tools.run_tests import place, postgres_bin

PROGRAMS = postgres_bin()
HOTLINE = """
from leeward.foundation.actor import Actor
from leeward.people.services import open_hotline
open_hotline(slug=%r, name=%r, country="JM", email="desk@hotline.example", actor=Actor(kind="command"))
"""
LOOK = """
from leeward.audit.queries import chains, verdict
from leeward.people.queries import hotlines
assert [row.slug for row in hotlines()] == ["jm"], [row.slug for row in hotlines()]
assert all(verdict(chain).fault is None for chain in chains())
"""
HELD = """
prepare_database()
from leeward.administration.services import take_up
from leeward.backup.queries import is_held
from datetime import UTC, datetime
assert take_up(datetime.now(UTC)) and is_held()
"""


@dataclass
class Server:
    """A server with its own folder, run as the user that it wants."""

    folder: Path
    as_user: list[str] = field(default_factory=list)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs."""
        assert PROGRAMS is not None
        command = [*self.as_user, str(PROGRAMS / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=120)

    def start(self, data: str) -> None:
        """Start it with these files."""
        options = (
            f"-c listen_addresses= -c unix_socket_directories={self.folder} -c wal_level=replica -c archive_mode=on"
        )
        options += f" -c archive_command='test ! -f {self.folder}/archive/%f && cp %p {self.folder}/archive/%f'"
        self.run("pg_ctl", "-D", str(self.folder / data), "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self, data: str) -> None:
        """Stop it as a crash does."""
        self.run("pg_ctl", "-D", str(self.folder / data), "-m", "immediate", "stop")

    def sql(self, statement: str) -> str:
        """Return what a statement answers."""
        assert PROGRAMS is not None
        command = [str(PROGRAMS / "psql"), "-h", str(self.folder), "-U", "leeward", "-d", "postgres", "-Atc", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()

    @property
    def url(self) -> str:
        """Where Leeward finds it."""
        return f"postgresql://leeward@{str(self.folder).replace('/', '%2F')}/postgres"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(Path(tempfile.mkdtemp(prefix="leeward-pitr-", dir=place())))
    made.folder.chmod(0o755)
    (made.folder / "archive").mkdir()
    if os.geteuid() == 0:  # it refuses to run as root
        made.as_user = ["runuser", "-u", "postgres", "--"]
        for path in (made.folder, made.folder / "archive"):
            shutil.chown(path, "postgres", "postgres")
    try:
        yield made
    finally:
        for data in ("data", "restored"):
            if (made.folder / data / "postmaster.pid").exists():
                made.stop(data)
        shutil.rmtree(made.folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.skipif(PROGRAMS is None, reason="needs the programs of a PostgreSQL server")
def test_an_installation_comes_back_to_the_moment_before_a_mistake(server: Server, tmp_path: Path) -> None:
    server.run(
        "initdb", "-D", str(server.folder / "data"), "-A", "trust", "-U", "leeward", "-E", "UTF8", "--locale=C.UTF-8"
    )
    server.start("data")
    house = OtherDatabase(tmp_path / "house", server.url)
    house.folder.mkdir()
    assert house.run("prepare_database()\n" + HOTLINE % ("jm", "Hotline of Jamaica")) == 0
    server.run(
        "pg_basebackup", "-h", str(server.folder), "-U", "leeward", "-D", str(server.folder / "restored"), "-c", "fast"
    )
    moment = server.sql("SELECT now()")
    time.sleep(1.1)
    assert house.run(HOTLINE % ("mistake", "A mistake")) == 0
    server.sql("SELECT pg_switch_wal()")
    until_archived(server)
    server.stop("data")

    settings = server.folder / "restored" / "postgresql.auto.conf"
    with settings.open("a", encoding="utf-8") as file:
        file.write(f"restore_command = 'cp {server.folder}/archive/%f %p'\n")
        file.write(f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n")
    (server.folder / "restored" / "recovery.signal").touch()
    server.start("restored")
    while server.sql("SELECT pg_is_in_recovery()") != "f":
        time.sleep(0.1)
    at = moment.replace(" ", "T")
    held = f"from leeward.cli.main import main\nimport sys\nsys.argv = ['leeward', 'backup', 'hold', '--at', {at!r}]\nmain()"
    assert house.run(LOOK + held) == 0
    assert house.run(HELD) == 0


def until_archived(server: Server) -> None:
    """Wait until what was written so far is in the archive."""
    end = time.monotonic() + 60
    wanted = server.sql("SELECT pg_walfile_name(pg_current_wal_lsn() - 1)")
    while server.sql("SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver") < wanted:
        assert time.monotonic() < end
        time.sleep(0.1)
