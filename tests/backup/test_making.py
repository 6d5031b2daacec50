"""Backups of a small installation: made, thinned out, proved, damaged, killed, put back."""

import base64
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.backup import noting, reading, store
from leeward.backup.errors import BackupDamaged, BackupNotMade, BackupUnderWay, NoBackup, NotEmpty, NotRestored
from leeward.backup.making import environment
from leeward.backup.places import Folder
from leeward.backup.queries import newest_in
from leeward.backup.rules.manifest import name_at
from leeward.backup.services import listed, restore
from leeward.cli.main import run
from leeward.foundation.environment_file import values_of
from leeward.foundation.watch import FOLDER
from leeward.sealing.age import key_of
from leeward.sealing.errors import KeyDoesNotOpen
from leeward.site.doctor_backups import of_backups
from leeward.site.start import prepare_database
from tests.backup.conftest import AT, House, make_key_anew

# Sealed by "a passphrase" with the least work, so that opening it takes no second as it does in use.
SEALED_KEY = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCA4ZHNUVExpa2VPdi8wQkpkRU1ISDdBIDIKcFBnWDRmQXZqRVpnODBoS2Nt"
    "aThOQ2dMcjBheXNLc0JHZ1VCdzZ5ZHluTQotLS0gTzlaWkVLRENvMVMzREFibGdBay9yc0hZUnZTck9pb1dhemp5S2orNzVyWQpy"
    "Sc92Fs9GUXowyayZ/lQaRJxODWhcEFSHDFEOlH6OigOaZ52ZXy05CcOEVAbi6632avYJNRU92W7z7MpG+neQuWwS1T60dJBrU7Hy"
    "YXRoaC9FGDfwPoBHs1xIohBnb/Kvfc1mKKXJvJ/E0pksTSfP+OXbXAMevwUariP4as5/TpT6pnNWb0fvC/ODZGD+23MCC5bRBsV5"
    "93B4cqwnIY2p0CR4tfkSTMfRs7SsXrcM4CDYzfdWaxj5"
)
KILLED = 9
STEPS = {"open", "os.rename", "os.chmod", "os.mkdir", "os.rmdir", "sqlite3.connect"}  # as Python calls what it audits
LATER = AT + timedelta(days=2)


def _put_back(house: House, place: Path) -> None:
    restore(house.folder, "", house.key, data=place, database_url="", now=LATER)


@pytest.mark.parametrize("waited", [timedelta(minutes=5), None])
def test_what_then_waited_on_the_public_face_is_said_to_be_lost_with_it(
    waited: timedelta | None, house: House, tmp_path: Path
) -> None:
    since = AT - waited if waited else None
    house.back_up(waiting_since=since)
    _put_back(house, tmp_path / "new")
    (row,) = _rows(tmp_path / "new" / "leeward.sqlite3", "SELECT waiting_since FROM backup_restoration")
    assert row[0] == (f"{since:%Y-%m-%d %H:%M:%S.%f}" if since else None)


def test_a_backup_from_before_newer_columns_is_put_back(house: House, tmp_path: Path) -> None:
    """Such a one knows nothing of what waited on the public face."""
    with closing(sqlite3.connect(house.data / "leeward.sqlite3")) as database, database:
        for newer in ("waiting_since", "checkpoint"):
            database.execute(f"ALTER TABLE backup_restoration DROP COLUMN {newer}")
    house.back_up()
    _put_back(house, tmp_path / "new")
    (row,) = _rows(tmp_path / "new" / "leeward.sqlite3", "SELECT confirmed_at, moved FROM backup_restoration")
    assert row == (None, 0), "and it is held"


def _rows(database: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def test_what_was_backed_up_is_put_back_and_is_held(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEEWARD_SMTP_HOST", "mail.hotline.example")
    made = house.back_up()
    place = tmp_path / "new"
    _put_back(house, place)
    assert (place / "secret").read_bytes() == (house.data / "secret").read_bytes()
    assert (place / "audit.key").read_bytes() == (house.data / "audit.key").read_bytes()
    assert (place / "shields.csv").read_text() == "kept\n"
    assert "LEEWARD_SMTP_HOST=mail.hotline.example\n" in (place / "environment-of-backup").read_text()
    assert sorted(path.name for path in place.iterdir()) == [
        "audit.key",
        "environment-of-backup",
        "leeward.sqlite3",
        "secret",
        "shields.csv",
    ]
    assert all(path.stat().st_mode & 0o077 == 0 for path in place.iterdir())
    database = place / "leeward.sqlite3"
    assert _rows(database, "SELECT count(*) FROM audit_auditrow") == [(5,)]
    held = _rows(database, "SELECT backup_at, restored_at, prepared_at, confirmed_at FROM backup_restoration")
    assert held == [("2026-11-28 03:00:00.000000", "2026-11-30 02:00:00.000000", None, None)]
    assert (house.data / noting.MARK).exists()
    assert made.new_pieces == made.pieces > 0
    assert not list(house.data.glob(".backup-*"))


def test_no_backup_says_what_opens_backups_or_words(tmp_path: Path) -> None:
    file = tmp_path / "given"
    file.write_text("what nobody else may know")
    secret = (
        "LEEWARD_BACKUP_KEY",
        "LEEWARD_BACKUP_PASSPHRASE",
        "LEEWARD_TOKEN",
        "LEEWARD_WORDS_PASSPHRASE",
        "LEEWARD_WORDS_PASSPHRASE_COMMAND",
    )
    given = dict.fromkeys(secret, "what nobody else may know") | {f"{name}_FILE": str(file) for name in secret}
    assert environment(given | {"LEEWARD_SMTP_HOST": "mail.example"}) == "LEEWARD_SMTP_HOST=mail.example\n"


def test_what_a_parent_gives_its_worker_is_no_setting() -> None:
    """The nightly backup is made by a child, whose parent watches it in a folder that is gone once it ends."""
    given = {FOLDER: "/tmp/leeward-watch-a", "LEEWARD_FACE": "desk", "LEEWARD_SMTP_HOST": "mail.example"}
    assert environment(given) == "LEEWARD_SMTP_HOST=mail.example\n"


def test_a_shell_takes_the_settings_as_they_were(tmp_path: Path) -> None:
    given = {
        "LEEWARD_A": "plain/:@%+,=-",
        "LEEWARD_B": """two words; "quoted" 'so' \\ `no` $HOME (x) & | # é""",
        "LEEWARD_C": "~/x",
        "LEEWARD_D": "one\ntwo",
        "LEEWARD_E": "",
    }
    file = tmp_path / "environment-of-backup"
    file.write_text(environment(given))
    shown = subprocess.run(
        ["/bin/sh", "-c", "set -a; . ./environment-of-backup; env -0"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = dict(line.split("=", 1) for line in shown.split("\0") if line.startswith("LEEWARD_"))
    assert found == given
    written = environment(given)
    assert {name: values_of(name, written)[0] for name in given} == given
    assert values_of("LEEWARD_F", written) == []
    assert 'as "it" was' in values_of("LEEWARD_B", 'LEEWARD_A=x\nLEEWARD_B=as "it" was\nLEEWARD_C=y'), (
        "by older versions"
    )
    assert '"' in values_of("LEEWARD_B", 'LEEWARD_B="')


def test_what_waits_in_the_public_faces_file_stays_out_whatever_it_is_called(
    house: House, tmp_path: Path, settings: Any
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"public_database": Path("deep/face.sqlite3")})
    (house.data / "deep").mkdir()
    for end in ("", "-wal", "-shm"):
        (house.data / "deep" / f"face.sqlite3{end}").write_text("arrived")
    (house.data / "deep" / "face.sqlite3.csv").write_text("kept")
    house.back_up()
    _put_back(house, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new" / "deep").iterdir()] == ["face.sqlite3.csv"]


def test_what_was_put_back_is_on_the_disk_before_it_counts(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut would leave keys and lists with nothing in them, and nothing to say that a restoring was cut off."""
    (house.data / "lists").mkdir()
    (house.data / "lists" / "a.gz").write_text("kept")
    house.back_up()
    new, kept, left = tmp_path / "new", set[int](), list[bool]()
    sync, remove = os.fsync, shutil.rmtree

    def syncing(handle: int) -> None:
        kept.add(os.fstat(handle).st_ino)
        sync(handle)

    def removing(place: Any) -> None:
        if str(place).startswith(str(new)):
            left.extend(path.stat().st_ino in kept for path in (new, *new.rglob("*")) if path.name != "database")
        remove(place)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(shutil, "rmtree", removing)
    _put_back(house, new)
    assert len(left) > 5
    assert all(left)


def test_restoring_over_something_is_refused(house: House, tmp_path: Path) -> None:
    house.back_up()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "leeward.sqlite3").write_text("somebody's")
    with pytest.raises(NotEmpty, match="is not empty"):
        _put_back(house, tmp_path / "new")
    assert (tmp_path / "new" / "leeward.sqlite3").read_text() == "somebody's"


def test_what_is_in_the_way_is_named_and_what_belongs_to_no_installation_is_not(house: House, tmp_path: Path) -> None:
    house.back_up()
    place = tmp_path / "new"
    (place / "lost+found").mkdir(parents=True)
    (place / ".words.lock").touch()
    (place / ".restoring-x1").mkdir()
    with pytest.raises(NotEmpty, match=r"is not empty\. In it: \.restoring-x1\.$"):
        _put_back(house, place)
    for number in range(6):
        (place / f"file{number}").touch()
    with pytest.raises(NotEmpty, match=r"In it: \.restoring-x1, file0, file1, file2, file3, …\.$"):
        _put_back(house, place)
    for path in (*place.glob("file*"), place / ".restoring-x1"):
        path.rmdir() if path.is_dir() else path.unlink()
    _put_back(house, place)
    assert (place / "leeward.sqlite3").exists()


def test_of_two_who_restore_at_once_one_goes_on(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other began while this one read which backups there are: it would put its database in the place of the other's, in use by then."""
    house.back_up()
    place, choose = tmp_path / "new", reading._chosen

    def slowly(*given: Any) -> str:
        (place / ".restoring-other").mkdir(parents=True)
        return choose(*given)

    monkeypatch.setattr(reading, "_chosen", slowly)
    with pytest.raises(NotEmpty, match=r"In it: \.restoring-other\.$"):
        _put_back(house, place)
    assert [path.name for path in place.iterdir()] == [".restoring-other"]


def test_it_is_consistent_while_others_write(house: House) -> None:
    """What a writer has not committed, or commits later, is in no backup; the writer waits for nothing."""
    with closing(sqlite3.connect(house.data / "leeward.sqlite3", isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE audit_audittip SET number = 99")
        house.back_up()
        writer.execute("ROLLBACK")
    assert house.prove().rows == 5


def test_only_what_changed_is_added_and_what_no_backup_needs_goes(house: House) -> None:
    first = house.back_up()
    assert house.back_up().new_pieces <= 1  # the settings of the moment at most
    house.act(3000)
    third = house.back_up(keep=1)
    assert third.new_pieces > 0
    assert third.thinned_out == 2
    assert [row.name for row in listed(house.folder)] == [third.name]
    kept = {path.name for path in house.folder.glob("chunks/*/*")}
    assert len(kept) == third.pieces
    assert first.pieces > 0
    assert house.prove().rows == 3005


def test_a_proved_backup_is_remembered_as_such(house: House) -> None:
    first = house.back_up()
    assert newest_in(house.folder, AT + timedelta(hours=2)) == (AT + timedelta(hours=1), None)
    proved = house.prove()
    assert (proved.name, proved.rows, proved.database) == (first.name, 5, "sqlite")
    house.back_up()
    assert newest_in(house.folder, AT + timedelta(hours=2)) == (AT + timedelta(hours=2), AT + timedelta(hours=1))
    assert [row.is_verified for row in listed(house.folder)] == [True, False]


def test_a_mark_that_nobody_signed_proves_nothing(house: House) -> None:
    first = house.back_up()
    house.prove()
    second = house.back_up()
    marks = house.folder / "verified"
    for forged in (b"", (marks / first.name).read_bytes(), b"\xff", bytes(2000)):
        (marks / second.name).write_bytes(forged)
        assert newest_in(house.folder, LATER)[1] == AT + timedelta(hours=1)
        assert [row.is_verified for row in listed(house.folder)] == [True, False]
    house.prove(second.name)
    assert newest_in(house.folder, LATER)[1] == AT + timedelta(hours=2)


def test_another_key_or_passphrase_opens_nothing(house: House) -> None:
    house.back_up()
    house.key = key_of(SEALED_KEY, "a passphrase")
    with pytest.raises(KeyDoesNotOpen, match="not the key of the backup ") as refused:
        house.prove()
    hint = str(refused.value.hint)
    assert f"opens by the private key of {house.public}; what was given is that of {house.key.to_public()}" in hint
    assert "leeward backup key" in hint
    with pytest.raises(KeyDoesNotOpen, match="passphrase is wrong"):
        key_of(SEALED_KEY, "another")
    with pytest.raises(KeyDoesNotOpen, match="no key file"):
        key_of(b"nothing of the kind")


def test_nobody_reads_the_folder_without_the_key(house: House) -> None:
    secret = (house.data / "secret").read_bytes()
    house.back_up()
    for path in house.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert secret not in raw
            assert b"SQLite format" not in raw
            assert path.stat().st_mode & 0o077 == 0


def _flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _largest(house: House) -> Path:
    return max(house.folder.glob("chunks/*/*"), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda house: _flip(_largest(house)), "chunks/.* was changed"),
        (lambda house: _largest(house).unlink(), "chunks/.* is missing"),
        (lambda house: os.truncate(_largest(house), 1000), "chunks/.* was changed"),
        (lambda house: _flip(next(house.folder.glob("*.backup"))), "cut off or changed|signature|manifest was changed"),
        (lambda house: os.truncate(next(house.folder.glob("*.backup")), 1000), "cut off or changed"),
    ],
)
def test_damage_is_one_sentence(house: House, damage: Any, says: str) -> None:
    house.back_up()
    damage(house)
    with pytest.raises(BackupDamaged, match=says):
        house.prove()


def test_a_changed_piece_is_named_by_its_path_and_written_anew_once_that_is_deleted(house: House) -> None:
    house.back_up()
    _flip(_largest(house))
    house.back_up()
    with pytest.raises(BackupDamaged) as refused:
        house.prove()
    (named,) = re.findall(r"chunks/\S+", refused.value.text)
    assert house.folder / named == _largest(house)
    (house.folder / named).unlink()
    house.back_up()
    house.prove()


def test_a_log_that_was_rewritten_before_the_backup_is_found(house: House) -> None:
    with closing(sqlite3.connect(house.data / "leeward.sqlite3")) as database, database:
        database.execute("DROP TRIGGER IF EXISTS audit_row_no_update")
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_auditrow'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE audit_auditrow SET actor = 'staff:2' WHERE number = 3")
    house.back_up()
    with pytest.raises(BackupDamaged, match="in chain 1 of its log, row 3 was changed"):
        house.prove()


def test_a_backup_that_somebody_else_signed_is_refused(house: House) -> None:
    house.back_up()
    signed_by = house.prove().signed_by
    assert house.prove(signed_by=(signed_by,)).rows == 5
    with pytest.raises(BackupDamaged, match="another key than the one you trust") as refused:
        house.prove(signed_by=("A" * 43 + "=",))
    hint = str(refused.value.hint)
    assert f"signed by {signed_by}" in hint, "which key it is, and where to look whether it is one's own"
    assert "audit.pub" in hint


def test_an_older_one_under_a_later_name_is_none(house: House) -> None:
    first = house.back_up()
    shutil.copy(house.folder / first.name, house.folder / name_at(AT + timedelta(days=400)))
    assert house.prove().name == first.name
    (house.folder / name_at(AT + timedelta(days=400))).rename(house.folder / name_at(AT + timedelta(hours=2)))
    with pytest.raises(BackupDamaged, match="is not what it was"):
        house.prove()
    assert [row.made_at != "" for row in listed(house.folder)] == [True, False]


def _cut_off(house: House, name: str) -> None:
    os.truncate(house.folder / name, 100)


def _not_read(house: House, name: str) -> None:
    """Reading it fails with an error of the disk."""
    (house.folder / name).unlink()
    (house.folder / name).symlink_to("/proc/self/mem")


@pytest.mark.parametrize("damage", [_cut_off, _not_read])
def test_one_that_cant_be_read_stays_is_named_and_stops_nothing(
    house: House, damage: Callable[[House, str], None]
) -> None:
    made = [house.back_up() for _ in range(3)]
    damage(house, made[2].name)
    house.act(2000)
    fourth = house.back_up(keep=2)
    assert (fourth.thinned_out, fourth.unread, fourth.problem) == (1, (made[2].name,), "")
    left = {path.name for path in house.folder.glob("*.backup")}
    assert left == {made[1].name, made[2].name, fourth.name}, "what can't be read takes nobody's room"
    assert newest_in(house.folder, AT + timedelta(hours=5))[0] == AT + timedelta(hours=4)
    ((number, sentence, _hint),) = [one for one in of_backups(str(house.folder), LATER) if one[0] == "W053"]
    assert (number, made[2].name in sentence) == ("W053", True)
    pieces = set(house.folder.glob("chunks/*/*"))
    house.act(2000)
    assert house.back_up(keep=1).thinned_out == 2
    assert pieces < set(house.folder.glob("chunks/*/*")), "nobody knows which of them it needs"
    (house.folder / made[2].name).unlink()
    last = house.back_up(keep=1)
    assert (last.unread, len(list(house.folder.glob("chunks/*/*")))) == ((), last.pieces)
    assert "W053" not in [number for number, *_rest in of_backups(str(house.folder), LATER)]


def test_what_another_key_signed_is_left_alone_and_named(house: House) -> None:
    first = house.back_up(keep=1)
    make_key_anew(house)
    assert house.back_up(keep=1).others == (first.name,)
    third = house.back_up(keep=1)
    assert (third.thinned_out, third.others) == (1, (first.name,))
    assert house.prove(first.name).rows == 5, "its pieces stay as well"


def test_two_at_once_are_refused_and_so_is_a_folder_inside(house: House) -> None:
    with store.alone(house.data), pytest.raises(BackupUnderWay):
        house.back_up()
    house.folder = house.data / "backups"
    with pytest.raises(BackupNotMade, match="in the data directory"):
        house.back_up()


def test_a_full_disk_is_one_sentence_and_leaves_the_earlier_ones(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first = house.back_up()
    house.act(2000)
    (house.data / "noise").write_bytes(os.urandom(5 << 20))
    force, left = os.fsync, [3]
    pieces = set(house.folder.glob("chunks/*/*"))

    def full(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        force(handle)

    with monkeypatch.context() as change:
        change.setattr(os, "fsync", full)
        with pytest.raises(BackupNotMade, match="no space left on device"):
            house.back_up()
    assert [row.name for row in listed(house.folder)] == [first.name]
    assert not list(house.folder.rglob(".part-*"))
    assert left[0] < 0
    assert set(house.folder.glob("chunks/*/*")) == pieces, "the room is given back: the desk may be on the same disk"
    assert house.prove().rows == 5


@pytest.mark.parametrize(("folder", "number"), [("lists", 5), ("lists", 13), ("lost+found", 13), ("lists", 2)])
def test_no_backup_lacks_a_folder_that_cant_be_read(
    folder: str, number: int, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that fails, or where root made it. The disk's own folder is root's, and nothing in it is ours."""
    first = house.back_up()
    for name in ("lists", "lost+found"):
        (house.data / name).mkdir()
        (house.data / name / "a.gz").write_text("kept")
    look = os.scandir

    def failing(place: Any) -> Any:
        if str(place) == str(house.data / folder):
            raise OSError(number, os.strerror(number), str(place))
        return look(place)

    is_ours = folder == "lists" and number != 2  # a folder that is deleted meanwhile is none any more
    with monkeypatch.context() as change:
        change.setattr(os, "scandir", failing)
        if is_ours:
            with pytest.raises(BackupNotMade, match=rf"{os.strerror(number).lower()} \({house.data}/lists\)"):
                house.back_up()
        else:
            house.back_up()
    assert (house.prove().name == first.name) is is_ours


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that can't be read")
def test_a_piece_that_a_failing_disk_doesnt_give_is_named(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.back_up()
    (tmp_path / "key").write_text(str(house.key))
    piece = max(house.folder.glob("chunks/*/*"), key=lambda path: path.stat().st_size)
    piece.unlink()
    piece.symlink_to("/proc/self/mem")  # opens, and gives an error of the disk when it is read
    assert run(["backup", "verify", str(house.folder), "--key", str(tmp_path / "key")]) == 2
    assert capsys.readouterr().err.startswith(f"leeward: {piece} can't be read: input/output error.")
    with pytest.raises(NotRestored, match=str(piece)):
        _put_back(house, tmp_path / "new")


def test_where_a_place_loses_a_folder_no_file_is_left_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a server’s, which somebody tidied up: that isn't a file of ours that was deleted meanwhile."""
    write, lost = Folder.write, list[str]()

    def losing(folder: Folder, path: str, raw: bytes) -> None:
        if path.startswith("chunks/") and len(lost) < 2:
            lost.append(path)
            if len(lost) == 2:  # the database is there by then
                raise FileNotFoundError(2, "No such file or directory", path)
        write(folder, path, raw)

    monkeypatch.setattr(Folder, "write", losing)
    with pytest.raises(BackupNotMade, match=r"no such file or directory \(chunks/"):
        house.back_up()
    assert listed(house.folder) == []


@pytest.mark.filterwarnings("ignore:This process")
@pytest.mark.parametrize("dies_in", ["chunks/", ".backup"])
def test_a_kill_leaves_nothing_that_looks_whole(house: House, dies_in: str) -> None:
    """The process ends without a word in the middle of writing a file; the next backup is whole all the same."""
    house.act(2000)
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            _die_while_writing(dies_in)
            house.back_up()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    assert listed(house.folder) == []
    with pytest.raises(NoBackup):
        house.prove()
    house.back_up()
    assert house.prove().rows == 2005
    assert not list(house.folder.rglob(".part-*"))
    assert not list(house.data.glob(".backup-*"))


def _die_while_writing(part: str) -> None:
    def die_in_time(handle: int) -> None:
        if part in os.readlink(f"/proc/self/fd/{handle}"):
            os._exit(KILLED)

    os.fsync = die_in_time  # type: ignore[assignment]


@pytest.mark.filterwarnings("ignore:This process")
def test_a_restoring_that_was_killed_is_taken_for_no_new_installation(
    house: House, settings: Any, tmp_path: Path
) -> None:
    """It dies when all is there but the database."""
    house.back_up()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.chmod = lambda *_one, **_more: os._exit(KILLED)  # type: ignore[assignment]
            _put_back(house, tmp_path / "new")
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    assert (tmp_path / "new" / "audit.key").exists()
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path / "new"})
    with pytest.raises(NotRestored, match="is of a restoring that was cut off"):
        prepare_database()
    with pytest.raises(NotEmpty):
        _put_back(house, tmp_path / "new")


def test_a_restoring_that_failed_is_taken_for_no_new_installation(
    house: House, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full when the database comes, and its keys are there already."""
    house.back_up()

    def full(*_anything: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as change:
        change.setattr(Path, "chmod", full)
        with pytest.raises(NotRestored, match="no space left on device"):
            _put_back(house, tmp_path / "new")
    assert (tmp_path / "new" / "audit.key").exists()
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path / "new"})
    with pytest.raises(NotRestored, match="is of a restoring that was cut off"):
        prepare_database()
    shutil.rmtree(tmp_path / "new")
    _put_back(house, tmp_path / "new")
    assert not list((tmp_path / "new").glob(".restoring-*"))


@pytest.mark.filterwarnings("ignore:This process")
def test_killed_at_any_step_a_restoring_is_begun_anew_or_whole(house: House, tmp_path: Path) -> None:
    house.back_up()
    new, step, code = tmp_path / "new", 0, KILLED
    while code == KILLED:
        step += 1
        shutil.rmtree(new, ignore_errors=True)
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                _die_at(step, new)
                _put_back(house, new)
                os._exit(0)
            os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        left = {path.name for path in new.iterdir()} if new.exists() else set()
        is_refused = any(name.startswith(".restoring-") for name in left)
        assert not left or is_refused or "leeward.sqlite3" in left, f"after step {step} it is taken for a new one"
        if "leeward.sqlite3" in left:
            held = "SELECT count(*) FROM backup_restoration WHERE confirmed_at IS NULL"
            assert _rows(new / "leeward.sqlite3", held) == [(1,)]
    assert (code, is_refused) == (0, False)
    assert step > 20


def _die_at(step: int, place: Path) -> None:
    """Let this process end without a word at the step of this number that changes something in a place."""
    left = [step]

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        if event in STEPS and str(place) in str(arguments[0]):
            left[0] -= 1
            if not left[0]:
                os._exit(KILLED)

    sys.addaudithook(count)


@pytest.mark.parametrize("chosen", ["", "keys/signing"])
def test_the_signers_folder_is_in_no_backup(house: House, settings: Any, tmp_path: Path, chosen: str) -> None:
    place = house.data / (chosen or "signer")
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"signer_dir": chosen and str(place)})
    place.mkdir(parents=True)
    (place / "log.key").write_bytes(b"k" * 32)
    (place.parent / "beside").write_text("kept")
    house.back_up()
    _put_back(house, tmp_path / "new")
    assert not (tmp_path / "new" / place.relative_to(house.data)).exists()
    assert (tmp_path / "new" / place.relative_to(house.data).parent / "beside").read_text() == "kept"


def test_a_file_that_somebody_left_among_the_pieces_stops_no_backup(house: House) -> None:
    house.back_up()
    (house.folder / "chunks" / ".DS_Store").write_bytes(b"of a file manager")
    house.act()
    made = house.back_up(keep=1)
    assert (made.thinned_out, made.problem) == (1, "")
    assert house.prove().name == made.name
