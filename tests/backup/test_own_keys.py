"""No backup is made with a secret or a key that its database doesn't know; one that was, is not whole, and can be put back all the same."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.audit.keys import make_key, public_key
from leeward.audit.rules.fingerprints import fingerprint_of
from leeward.backup.errors import BackupWithoutKeys, KeysNotRight
from leeward.backup.making import environment
from leeward.backup.own_keys import OWN_KEYS, fault_in_keys
from leeward.backup.services import restore
from leeward.cli.main import run
from leeward.sealing.age import key_of, new_key
from leeward.site.outside import BACKUP, failing, look
from leeward.site.tasks import back_up
from tests.backup.conftest import AT, House


def _know(house: House) -> None:
    """Let the database know the keys as they are now."""
    with closing(sqlite3.connect(house.data / "leeward.sqlite3")) as database, database:
        database.execute("DELETE FROM audit_keyprint")
        for name in OWN_KEYS:
            known = fingerprint_of(
                name, (house.data / name).read_bytes().strip() if name == "secret" else _raw(house, name)
            )
            database.execute(
                "INSERT INTO audit_keyprint (name, print, kept_at) VALUES (?, ?, ?)", (name, known, str(AT))
            )


def _raw(house: House, name: str) -> bytes:
    return (house.data / name).read_bytes()


@pytest.fixture
def house(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The database knows the keys by their fingerprints; the process has read them."""
    monkeypatch.delenv("LEEWARD_SECRET", raising=False)
    make_key(house.data / "lists.key")
    _know(house)
    public_key()
    return house


def _other(path: Path) -> None:
    path.write_bytes(bytes(reversed(path.read_bytes())))


WAYS: dict[str, Callable[[Path], None]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b"") and None,
    "other": _other,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", OWN_KEYS)
def test_with_a_key_that_the_database_does_not_know_none_is_made(house: House, name: str, way: str) -> None:
    made = house.back_up()
    assert house.prove().name == made.name
    words = (house.folder / "words.keys").read_bytes()
    WAYS[way](house.data / name)
    says = "is missing" if way == "missing" else "is not the one that its database was made with"
    with pytest.raises(KeysNotRight, match=f"No backup was made: {name} {says}") as refused:
        house.back_up(keep=1)
    assert "leeward keys accept NAME" in str(refused.value.hint)
    assert [path.name for path in house.folder.glob("*.backup")] == [made.name], "and nothing older was deleted"
    assert (house.folder / "words.keys").read_bytes() == words


def test_a_process_that_signs_by_a_key_of_before_is_to_be_restarted(house: House) -> None:
    house.back_up()
    (house.data / "audit.key").unlink()
    make_key(house.data / "audit.key")
    _know(house)
    with pytest.raises(KeysNotRight, match=r"audit\.key is another one than this process began with") as refused:
        house.back_up()
    assert "Restart Leeward" in str(refused.value.hint)


def test_a_secret_of_the_settings_counts_in_place_of_its_file(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = house.data / "secret"
    monkeypatch.setenv("LEEWARD_SECRET", secret.read_text())
    secret.unlink()
    house.back_up()
    assert house.prove().rows == 5
    monkeypatch.setenv("LEEWARD_SECRET", "another secret than the database's")
    with pytest.raises(KeysNotRight, match="secret is not the one"):
        house.back_up()


@pytest.mark.parametrize("secret", ["two words, and more of them", 'a "quoted" $secret', '"between quotes"'])
def test_a_secret_counts_as_older_versions_wrote_it_and_as_it_is_written_now(house: House, secret: str) -> None:
    (house.data / "secret").write_text(secret)
    _know(house)
    for written in (f"LEEWARD_SECRET={secret}\n", environment({"LEEWARD_SECRET": secret})):
        assert fault_in_keys(house.data / "leeward.sqlite3", house.data, f"LEEWARD_A=x\n{written}LEEWARD_Z=z\n") is None
        assert fault_in_keys(house.data / "leeward.sqlite3", house.data, written.replace("o", "0"))


def test_the_content_of_a_key_that_is_a_link_is_in_it(house: House, tmp_path: Path) -> None:
    (house.data / "secret").rename(tmp_path / "elsewhere")
    (house.data / "secret").symlink_to(tmp_path / "elsewhere")
    made = house.back_up()
    assert house.prove(made.name).rows == 5
    restore(house.folder, "", house.key, data=tmp_path / "new", database_url="", now=AT + timedelta(days=2))
    assert (tmp_path / "new" / "secret").read_bytes() == (tmp_path / "elsewhere").read_bytes()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", OWN_KEYS)
def test_one_that_was_made_so_is_not_whole_and_put_back_all_the_same(
    house: House,
    name: str,
    way: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As older versions made them, night after night."""
    raw, house.public = new_key()
    house.key = key_of(raw)
    (tmp_path / "backup.key").write_bytes(raw)
    monkeypatch.setattr("leeward.backup.making.fault_in_keys", lambda *_any: None)
    monkeypatch.setattr("leeward.backup.making.key_path", lambda: tmp_path / "as it was")
    (tmp_path / "as it was").write_bytes(_raw(house, "audit.key"))
    WAYS[way](house.data / name)
    house.back_up()
    with pytest.raises(BackupWithoutKeys, match=f"is not whole: {name} is ") as found:
        house.prove()
    assert "restore it all the same" in str(found.value.hint)
    command = ["backup", "restore", str(house.folder), "--key", str(tmp_path / "backup.key")]
    monkeypatch.setenv("LEEWARD_DATA", str(tmp_path / "new"))
    monkeypatch.delenv("LEEWARD_DATABASE_URL", raising=False)
    assert run(command) == 1
    assert f"or has another one: {name} is " in capsys.readouterr().err
    assert (tmp_path / "new" / "leeward.sqlite3").exists()
    assert (tmp_path / "new" / name).exists() == (way != "missing")


def test_backups_of_before_there_were_fingerprints_are_as_whole_as_ever(house: House) -> None:
    with closing(sqlite3.connect(house.data / "leeward.sqlite3")) as database, database:
        database.execute("DROP TABLE audit_keyprint")
    house.back_up()
    assert house.prove().rows == 5


@pytest.mark.django_db
def test_the_nightly_job_raises_an_alarm_at_once(house: House, settings: Any) -> None:
    update = {"backup_to": str(house.folder), "backup_recipients": (house.public,), "backup_keep": 1}
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    made = house.back_up()
    (house.data / "lists.key").unlink()
    with pytest.raises(KeysNotRight):
        back_up()
    look(AT + timedelta(days=1))
    ((_name, _since, what),) = [row for row in failing(AT + timedelta(days=1)) if row[0] == BACKUP]
    assert str(what).endswith("backup_keys")
    assert [path.name for path in house.folder.glob("*.backup")] == [made.name]


def test_the_variable_that_takes_the_place_of_the_right_file_is_named(house: House, tmp_path: Path) -> None:
    wrong = fault_in_keys(house.data / "leeward.sqlite3", house.data, "LEEWARD_SECRET='of another installation'")
    assert str(wrong) == "LEEWARD_SECRET is set and takes the place of the file secret, which is the right one"
    _other(house.data / "secret")
    wrong = fault_in_keys(house.data / "leeward.sqlite3", house.data, "LEEWARD_SECRET='of another installation'")
    assert str(wrong) == "secret is not the one that its database was made with"
