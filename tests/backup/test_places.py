"""Backups on other machines: a real SSH server and a real S3 server on loopback, through a line that can be cut."""

import os
import shutil
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.conf import settings
from paramiko import Message

from leeward.backup import making, places
from leeward.backup.errors import BackupDamaged, BackupNotMade, BackupUnderWay, NoBackup, NotRestored
from leeward.backup.noting import MARK
from leeward.backup.places import s3, sftp
from leeward.backup.places.remote import LOCK
from leeward.backup.queries import newest_in
from leeward.backup.reading import listed, restore, verify
from leeward.backup.services import create
from leeward.cli.main import run
from leeward.foundation.errors import BadInput
from tests.backup.conftest import AT, House
from tests.backup.servers.line import Line, line_to
from tests.backup.servers.s3 import Store, s3_server
from tests.backup.servers.sshd import PROGRAM, USER, make_key, sshd
from tests.tables import give_tables

pytestmark = pytest.mark.servers
needs_sshd = pytest.mark.skipif(PROGRAM is None, reason="no sshd is installed")
BOTH = ["s3", pytest.param("sftp", marks=needs_sshd)]
HOUR = timedelta(hours=1)
MEBIBYTE = 1 << 20
NEEDED = ("audit_", "backup_", "django_migrations", "sealing_", "sqlite_")


@dataclass
class There:
    """A place on another machine, and the line to it."""

    address: str
    line: Line


@pytest.fixture(scope="module")
def few_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the tables that a backup asks for: what goes over the line is small."""
    file = give_tables(tmp_path_factory.mktemp("tables") / "leeward.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        with database:
            for name in names:
                if not name.startswith(NEEDED):
                    database.execute(f'DROP TABLE IF EXISTS "{name}"')
        database.execute("VACUUM")
    return file


@pytest.fixture
def house(house: House, few_tables: Path) -> House:
    """The small installation, smaller still."""
    shutil.copyfile(few_tables, house.data / "leeward.sqlite3")
    house.act(5)
    return house


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[Store]:
    with s3_server() as store:
        yield store


@pytest.fixture
def bucket(bucket_server: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[There]:
    """A new bucket, whose server tells the truth."""
    bucket_server.room, bucket_server.forgets, bucket_server.changes = None, False, False
    bucket_server.keeps, bucket_server.says = False, b""
    monkeypatch.setattr(s3, "TRIES", 2)  # the library waits up to a second before each further one
    with line_to(bucket_server.port) as line:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{line.port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        name = f"backups-{line.port}"
        boto3.client("s3").create_bucket(Bucket=name)
        yield There(f"s3://{name}/of leeward", line)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home without keys."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return tmp_path / "home" / ".ssh"


def _known(home: Path, port: int, public: str) -> None:
    (home / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}\n")


@dataclass
class Running:
    """A server of the module, its public line, the key that it knows, and its folder."""

    port: int
    public: str
    key: Path
    folder: Path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("sshd")
    with sshd(folder, make_key(folder / "id_ed25519")) as (port, public):
        yield Running(port, public, folder / "id_ed25519", folder)


@pytest.fixture
def server(home: Path, running: Running, tmp_path: Path) -> Iterator[There]:
    """A new folder of a server that is known here, and knows us."""
    home.mkdir(mode=0o700, parents=True)
    shutil.copy(running.key, home / "id_ed25519")
    with line_to(running.port) as line:
        _known(home, line.port, running.public)
        yield There(f"sftp://{USER}@127.0.0.1:{line.port}{tmp_path}/there/backups", line)


@pytest.fixture
def there(request: pytest.FixtureRequest) -> There:
    """Each of the places that a test names."""
    found: There = request.getfixturevalue({"s3": "bucket", "sftp": "server"}[request.param])
    return found


def _made(house: House, there: There, hours: int = 1, keep: int = 30) -> Any:
    return create(there.address, [house.public], keep=keep, waiting_since=None, now=AT + hours * HOUR)


def _put_back(house: House, there: There, place: Path) -> Any:
    return restore(there.address, "", house.key, data=place, database_url="", now=AT + timedelta(days=2))


def _files(there: There) -> dict[str, int]:
    with places.opened(there.address) as place:
        return {**dict(place.files()), **dict(place.pieces())}


@pytest.mark.parametrize("there", BOTH, indirect=True)
def test_it_is_made_listed_proved_put_back_and_thinned_out(house: House, there: There, tmp_path: Path) -> None:
    first = _made(house, there)
    assert _made(house, there, 2).new_pieces <= 1
    assert newest_in(there.address, AT + 3 * HOUR) == (AT + 2 * HOUR, None)
    proved = verify(there.address, first.name, house.key)
    assert (proved.name, proved.rows) == (first.name, 5)
    assert [row.is_verified for row in listed(there.address)] == [True, False]
    house.act(1000)
    assert _made(house, there, 3, keep=1).thinned_out == 1, "the newest that was proved stays"
    with places.opened(there.address) as place:
        place.delete(f"verified/{first.name}")
    third = _made(house, there, 4, keep=1)
    assert third.thinned_out == 2
    (row,) = listed(there.address)
    assert (row.name, row.missing_pieces) == (third.name, 0)
    assert len(_files(there)) == third.pieces + len([third.name, "words.keys"]), "nothing else is left there"
    _put_back(house, there, tmp_path / "new")
    assert (tmp_path / "new" / "secret").read_bytes() == (house.data / "secret").read_bytes()
    noted = (house.data / MARK).read_text()
    assert USER + "@" not in noted


def test_one_named_by_a_clock_that_was_ahead_hides_no_later_one(house: House, bucket: There) -> None:
    _made(house, bucket, 1000)
    _made(house, bucket, 2)
    assert newest_in(bucket.address, AT + 3 * HOUR)[0] == AT + 2 * HOUR


@pytest.mark.parametrize("there", BOTH, indirect=True)
def test_a_line_that_is_cut_is_one_sentence_and_leaves_nothing_half_done(
    house: House, there: There, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (house.data / "noise").write_bytes(os.urandom(MEBIBYTE))
    there.line.room = MEBIBYTE // 2
    with pytest.raises(BackupNotMade) as failed:
        _made(house, there)
    assert "\n" not in failed.value.text
    there.line.room = None
    with pytest.raises(NoBackup):
        verify(there.address, "", house.key)
    made = _made(house, there, 2)  # the lock that was left is ours
    assert len(_files(there)) == made.pieces + 2
    there.line.room = MEBIBYTE // 2
    with pytest.raises(BadInput, match="be read"):
        verify(there.address, "", house.key)
    there.line.room = MEBIBYTE // 2
    with pytest.raises(NotRestored):
        _put_back(house, there, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []
    there.line.room = 500
    capsys.readouterr()
    assert run(["backup", "list", there.address]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    there.line.room = None
    assert verify(there.address, "", house.key).rows == 5


def test_a_full_bucket_leaves_the_earlier_backups(house: House, bucket: There, bucket_server: Store) -> None:
    first = _made(house, bucket)
    (house.data / "noise").write_bytes(os.urandom(MEBIBYTE))
    bucket_server.room = MEBIBYTE // 2
    with pytest.raises(BackupNotMade, match=r"quotaexceeded: the bucket is full \(s3://"):
        _made(house, bucket, 2)
    bucket_server.room = None
    assert [row.name for row in listed(bucket.address)] == [first.name]
    assert verify(bucket.address, "", house.key).rows == 5


def test_a_store_that_deletes_nothing_has_the_new_backup_all_the_same(
    house: House, bucket: There, bucket_server: Store
) -> None:
    """As docs/how-to/backups.md advises: the key of the server has no right to delete."""
    first = _made(house, bucket)
    bucket_server.keeps = True
    second = _made(house, bucket, 2, keep=1)
    assert "accessdenied" in second.problem
    assert newest_in(bucket.address, AT + 3 * HOUR)[0] == AT + 2 * HOUR, "or the nightly job would make one each hour"
    assert [row.name for row in listed(bucket.address)] == [first.name, second.name]


@needs_sshd
def test_a_full_disk_of_a_server_leaves_the_earlier_backups(house: House, home: Path, tmp_path: Path) -> None:
    with sshd(tmp_path, make_key(home / "id_ed25519"), largest_file=120_000) as (port, public):
        _known(home, port, public)
        there = There(f"sftp://{USER}@127.0.0.1:{port}{tmp_path}/there", Line())
        (house.data / "noise").write_bytes(os.urandom(MEBIBYTE))
        with pytest.raises(BackupNotMade, match=r"failure|too large"):
            _made(house, there)
        assert listed(there.address) == []
        assert not list((tmp_path / "there").rglob(".part-*"))
        assert not (tmp_path / "there" / LOCK).exists()


def test_a_store_that_forgets_or_changes_pieces_is_found_out(house: House, bucket: There, bucket_server: Store) -> None:
    bucket_server.forgets = True
    with pytest.raises(BackupNotMade, match="is missing"):
        _made(house, bucket)
    bucket_server.forgets = False
    assert listed(bucket.address) == []
    _made(house, bucket, 2)
    bucket_server.changes = True
    with pytest.raises((BackupDamaged, BadInput), match=r"was changed|checksum"):
        verify(bucket.address, "", house.key)


_LIST = b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">%s</ListBucketResult>'


@pytest.mark.parametrize(
    "says",
    [
        b"<html><body>Sign in to this network<br>",
        (_LIST % b"<IsTruncated>true</IsTruncated>"),
        (_LIST % b"<Contents><Key>of leeward/a</Key><Size>many</Size></Contents>"),
        (_LIST % b"<Contents><Size>1</Size></Contents>"),
    ],
)
def test_an_answer_that_no_store_gives_is_one_sentence(
    says: bytes, house: House, bucket: There, bucket_server: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """As of a proxy in between, or a server that dies in the middle."""
    _made(house, bucket)
    bucket_server.says = says
    with pytest.raises(BackupNotMade, match=r"\(s3://"):
        _made(house, bucket, 2)
    capsys.readouterr()
    assert run(["backup", "list", bucket.address]) == 2
    said = capsys.readouterr().err
    assert (said.count("\n"), said.startswith("leeward: s3://")) == (1, True)
    bucket_server.says = b""
    assert len(listed(bucket.address)) == 1


@needs_sshd
def test_a_file_that_is_named_in_no_text_is_in_nobodys_way(house: House, server: There, tmp_path: Path) -> None:
    """Somebody put it beside the backups from a machine with other letters."""
    first = _made(house, server)
    Path(os.fsdecode(os.fsencode(tmp_path / "there" / "backups") + b"/f\xfcr morgen.txt")).touch()
    assert [row.name for row in listed(server.address)] == [first.name]
    _made(house, server, 2)
    assert verify(server.address, "", house.key).rows == 5


@needs_sshd
def test_a_folder_that_lies_is_found_out(house: House, server: There, tmp_path: Path) -> None:
    _made(house, server)
    folder = tmp_path / "there" / "backups"
    piece = max(folder.glob("chunks/*/*"), key=lambda path: path.stat().st_size)
    kept = piece.read_bytes()
    for raw, says in (
        (kept[:-1] + bytes([kept[-1] ^ 1]), "was changed"),
        (kept + bytes(3 * MEBIBYTE), "larger than it can be"),
    ):
        piece.write_bytes(raw)
        with pytest.raises((BackupDamaged, BadInput), match=says):
            verify(server.address, "", house.key)
    piece.unlink()
    with pytest.raises(BackupDamaged, match="is missing"):
        verify(server.address, "", house.key)
    assert _made(house, server, 2).new_pieces >= 1, "what is gone is stored anew"
    assert verify(server.address, "", house.key).rows == 5


@pytest.mark.parametrize("there", BOTH, indirect=True)
def test_anothers_lock_counts_for_a_day(house: House, there: There) -> None:
    _made(house, there)
    with places.opened(there.address) as place:
        place.write(LOCK, f"another {datetime.now(UTC).isoformat()}\n".encode())
        with pytest.raises(BackupUnderWay):
            _made(house, there, 2)
    for hours in (-25, 25):  # the other's clock may have been ahead
        with places.opened(there.address) as place:
            place.write(LOCK, f"another {(datetime.now(UTC) + timedelta(hours=hours)).isoformat()}\n".encode())
        _made(house, there, hours + 30)
        assert LOCK not in _files(there)


@pytest.mark.parametrize("there", BOTH, indirect=True)
def test_of_two_machines_with_one_secret_one_makes_backups_at_a_time(house: House, there: There) -> None:
    """Else one thins out the pieces that the other has stored and not named yet. What a kill left here is ours as before."""
    secret = settings.LEEWARD.secret_bytes
    _made(house, there)
    here = making._whose(secret, house.data)
    (house.data / "backup.lock").write_bytes(b"of the other machine")
    with places.opened(there.address) as place, place.alone(making._whose(secret, house.data)):
        (house.data / "backup.lock").write_bytes(b"")
        with pytest.raises(BackupUnderWay):
            _made(house, there, 2)
    with places.opened(there.address) as place:
        place.write(LOCK, f"{making._whose(secret, house.data)} {datetime.now(UTC).isoformat()}\n".encode())
    _made(house, there, 2)
    assert making._whose(secret, house.data) != here


@needs_sshd
def test_a_lock_that_was_never_written_is_nobodys(
    house: House, server: There, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leeward.backup.places.remote._WRITTEN_WITHIN", 0)
    _made(house, server)
    (tmp_path / "there" / "backups" / LOCK).touch()
    assert _made(house, server, 2).name


@needs_sshd
def test_a_large_file_goes_and_comes_in_small_blocks(
    running: Running, server: There, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large").write_bytes(os.urandom(6 * MEBIBYTE))
    _known(home, running.port, running.public)
    with places.opened(f"sftp://{USER}@127.0.0.1:{running.port}{tmp_path}/there") as place:
        tracemalloc.start()
        place.send("words.keys", tmp_path / "large")
        place.fetch("words.keys", tmp_path / "again")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        monkeypatch.setattr(sftp, "_REQUEST", 600_000)  # more than the server gives at once
        place.fetch("words.keys", tmp_path / "shortened")
    for name in ("again", "shortened"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "large").read_bytes()
    assert peak < 5 * MEBIBYTE, peak


@needs_sshd
def test_a_server_that_is_not_known_gets_nothing(house: House, server: There, home: Path, tmp_path: Path) -> None:
    _known(home, 1, make_key(tmp_path / "other"))
    with pytest.raises(BackupNotMade, match="its key is not among the known ones"):
        _made(house, server)
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://server/backups", "begins with s3:// or sftp://"),
        ("sftp://me:secret@server/backups", "a password in the address is seen by others"),
        ("sftp://server", "it is not of the form"),
        ("sftp://server:x/backups", "it is not of the form"),
        ("s3:///backups", "it is not of the form"),
        ("sftp://127.0.0.1:1/backups", "nable to connect"),
    ],
)
def test_an_address_that_cant_be_used_is_one_sentence(
    address: str, says: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", "list", address]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
    assert "secret" not in said


def test_a_bucket_that_isnt_there_is_one_sentence(bucket: There, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backup", "list", "s3://nowhere/x"]) == 2
    assert "nosuchbucket" in capsys.readouterr().err
    assert run(["backup", "list", bucket.address]) == 0
    assert "There is no backup yet." in capsys.readouterr().out


def test_a_server_that_claims_more_names_than_it_sends_is_not_believed() -> None:
    message = Message()
    message.add_int(3_000_000_000)
    message.add_string(b"one")
    message.add_string(b"-rw-r--r-- one")
    message.add_int(0)
    message.rewind()
    found = [name for name, _mode, _size in sftp._names_in(message)]
    assert (found[0], len(found)) == (b"one", 2)
