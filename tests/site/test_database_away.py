"""The database is away, or has nothing in it, beside the keys of an installation that was in use: every command says so in one sentence and
makes none; whoever only looks makes none anywhere."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from leeward.demo.ports import free_port
from leeward.site import refusing
from leeward.site.refusing import DatabaseAway, need_database_of_keys
from tests.setting_up import SET_UP
from tests.site.test_keys import Installed
from tests.tables import give_beginnings, give_tables

AWAY = "or one with nothing in it, but"
ANOTHER = "isn’t the one that was in use with the keys in"
PUBLIC_KEY = "age16wy382za9t279z2zsk33mzykkffkt2crht9w40la6pe0rra3de0qk4yw0c"

pytestmark = pytest.mark.skipif(bool(os.environ.get("LEEWARD_DATABASE_URL")), reason="files are moved")


@pytest.fixture(scope="module")
def in_use(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation that has taken in something: it has a key of a text."""
    made = Installed(tmp_path_factory.mktemp("away") / "data")
    give_beginnings(made.data)
    done = made.run(*SET_UP)
    assert done.returncode == 0, done.stderr
    execute(made.data / "words.sqlite3", "INSERT INTO data_key VALUES (x'00', x'00', 'm', 1)")
    return made.data


@pytest.fixture
def house(in_use: Path, tmp_path: Path) -> Installed:
    """A copy of it, with its database."""
    return Installed(Path(shutil.copytree(in_use, tmp_path / "data")))


def execute(place: Path, *statements: str) -> list[Any]:
    with closing(sqlite3.connect(place)) as file, file:
        return [file.execute(statement).fetchall() for statement in statements][-1]


def database(house: Installed) -> Path:
    return house.data / "leeward.sqlite3"


def take_away(house: Installed) -> None:
    for end in ("", "-wal", "-shm"):
        (house.data / f"leeward.sqlite3{end}").unlink(missing_ok=True)


def refused(done: subprocess.CompletedProcess[str], why: str) -> None:
    assert (done.returncode, done.stdout) == (2, ""), done.stdout
    assert why in done.stderr
    assert "restore a backup" in done.stderr
    assert "leeward setup" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        *(("doctor",), ("doctor", "--deploy"), ("clock", "show"), ("audit", "verify"), ("audit", "key")),
        *(("worker", "list"), ("spool", "list"), ("token", "list"), ("witness", "list"), ("words", "status")),
        *(("words", "keys", "--are-right"), ("upgrade",), ("upgrade", "--plan"), ("setup", "--if-needed")),
        ("backup", "create", "there", "--to", PUBLIC_KEY),
    ],
)
def test_no_command_makes_a_database_beside_keys_in_use(house: Installed, words: tuple[str, ...]) -> None:
    take_away(house)
    before = {path.name for path in house.data.iterdir()}
    refused(house.run(*words), AWAY)
    assert {path.name for path in house.data.iterdir()} - before <= {"words.sqlite3-wal", "words.sqlite3-shm"}


@pytest.mark.slow
@pytest.mark.parametrize("words", [("doctor",), ("clock", "show"), ("upgrade", "--plan"), ("audit", "key")])
def test_whoever_only_looks_makes_no_database_in_a_new_folder(tmp_path: Path, words: tuple[str, ...]) -> None:
    house = Installed(tmp_path / "data")
    done = house.run(*words)
    assert not list(house.data.glob("leeward.sqlite3*"))
    if words == ("doctor",):
        assert "leeward.site.E031" in done.stdout
    if words == ("upgrade", "--plan"):
        assert "  sealing 0003_words_store" in done.stdout
    assert house.run("upgrade").returncode == 0, "nothing was in use there"


@pytest.mark.slow
def test_a_file_without_tables_is_no_database(house: Installed) -> None:
    """As any look left one once."""
    take_away(house)
    execute(database(house), "PRAGMA journal_mode=WAL")
    database(house).chmod(0o600)
    left = database(house).read_bytes()
    for words in (("doctor",), ("upgrade",), ("backup", "create", "there", "--to", PUBLIC_KEY)):
        refused(house.run(*words), AWAY)
    refused(house.serve(), AWAY)
    assert database(house).read_bytes() == left


@pytest.mark.slow
def test_nor_is_one_with_tables_alone(house: Installed) -> None:
    """As `leeward upgrade` made one once."""
    take_away(house)
    give_tables(database(house))
    for words in (("doctor",), ("upgrade",), ("words", "keys", "--are-right")):
        refused(house.run(*words), AWAY)
    refused(house.serve(), AWAY)
    assert execute(house.data / "words.sqlite3", "SELECT count(*) FROM data_key") == [(1,)]


@pytest.mark.slow
def test_one_that_was_never_in_use_with_these_keys_waits_for_a_person(house: Installed) -> None:
    execute(database(house), "DELETE FROM sealing_wordsstore")
    for words in (("doctor",), ("upgrade",), ("words", "keys")):
        refused(house.run(*words), ANOTHER)
    refused(house.serve(), ANOTHER)
    assert house.run("words", "keys", "--are-right").returncode == 0
    assert house.run("upgrade").returncode == 0


@pytest.mark.slow
def test_one_of_before_it_knew_its_keys_is_brought_up_to_date_and_named(house: Installed) -> None:
    """As the copy is that was made before an upgrade."""
    gone = "DELETE FROM django_migrations WHERE app = 'sealing' AND name >= '0003_words_store'"
    execute(database(house), "DROP TABLE sealing_wordsstore", gone)
    done = house.run("upgrade")
    assert done.returncode == 0, done.stderr
    assert execute(database(house), "SELECT count(*) FROM sealing_wordsstore") == [(1,)]
    assert "leeward.sealing.E004" in house.run("doctor").stdout
    assert execute(house.data / "words.sqlite3", "SELECT count(*) FROM data_key") == [(1,)]


def test_serve_starts_with_an_older_one_and_says_so(house: Installed) -> None:
    """It can't be told from the copy that was made before an upgrade, put back on purpose."""
    execute(house.data / "words.sqlite3", "UPDATE belongs SET number = number + 1")
    command = [sys.executable, "-m", "leeward", "serve", "--bind", f"127.0.0.1:{free_port()}", "--no-worker"]
    said = []
    with subprocess.Popen(command, env=house.environment, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        for line in served.stdout:
            said.append(line)
            if "Leeward listens" in line:
                break
        served.terminate()
    assert "what came in since may be missing" in "".join(said)
    assert "copied without leeward.sqlite3-wal" in "".join(said)


def test_what_setup_made_is_in_the_file_itself(house: Installed, tmp_path: Path) -> None:
    alone = Path(shutil.copyfile(database(house), tmp_path / "alone.sqlite3"))
    assert execute(alone, "SELECT count(*) FROM people_hotline") == [(1,)]


@pytest.mark.parametrize("tables", [[], ["people", "django_migrations"]], ids=["empty", "of another program"])
def test_a_server_with_nothing_of_ours_beside_a_signer_that_has_signed(
    monkeypatch: pytest.MonkeyPatch, tables: list[str]
) -> None:
    monkeypatch.setattr(refusing, "database_file", lambda: None)
    monkeypatch.setattr(connection.introspection, "table_names", lambda: tables)
    monkeypatch.setattr(refusing, "_has_keys", lambda *_of, **_more: False)  # whatever other tests left there
    monkeypatch.setattr(refusing, "has_signed", lambda: False)
    need_database_of_keys()
    monkeypatch.setattr(refusing, "has_signed", lambda: True)
    with pytest.raises(DatabaseAway, match="LEEWARD_DATABASE_URL"):
        need_database_of_keys()
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [*tables, "people_hotline"])
    need_database_of_keys()


@pytest.mark.slow
def test_a_folder_with_nothing_in_it_is_no_new_installation_where_backups_lie(house: Installed, tmp_path: Path) -> None:
    """Its disk isn't mounted, or a restoring was refused and somebody starts all the same."""
    house.environment["LEEWARD_BACKUP_TO"] = str(tmp_path / "backups")
    (tmp_path / "backups").mkdir()
    assert house.run("keys", "status").returncode == 0
    (tmp_path / "backups" / "2026-12-01T00-00-00Z.backup").touch()
    assert house.run("keys", "status").returncode == 0, "the installation is there"
    shutil.rmtree(house.data)
    house.data.mkdir()
    for command in (
        ["serve"],
        ["doctor"],
        list(SET_UP),
        ["words", "status"],
        ["backup", "create", str(tmp_path / "backups")],
    ):
        done = house.run(*command)
        assert (done.returncode, "has backups of one" in done.stderr) == (2, True), (command, done.stderr)
        assert "isn’t mounted" in done.stderr
    assert [path.name for path in house.data.iterdir() if path.name in ("leeward.sqlite3", "secret", "words.key")] == []


def test_no_answer_calls_an_installation_ready_that_has_no_hotline(client: Any, db: None) -> None:
    answer = client.get("/health/ready", REMOTE_ADDR="127.0.0.1")
    assert (answer.status_code, answer.json()["alarms"][0]["code"]) == (503, "no_hotline")
