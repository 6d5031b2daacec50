"""The log in a backup against what stands outside of it: trusted witnesses, a head that somebody kept, a server that takes the copy."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.audit.rules.merkle import appended, leaf_hash, root_of
from leeward.audit.rules.notes import LOG, WITNESS, Checkpoint, Key, Note, cosigned, signed_checkpoint
from leeward.audit.rules.policy import Policy
from leeward.audit.rules.proofs import entry_of, old_nonce
from leeward.backup.databases.log import COLUMNS, NUMBERS
from leeward.backup.databases.outside import Outside, vouched
from leeward.backup.databases.postgres import Postgres, ProgramFailed
from leeward.backup.errors import BackupDamaged
from leeward.backup.reading import listed
from leeward.backup.rules.manifest import LogHead, name_at
from leeward.cli.main import run
from leeward.sealing.age import new_key
from leeward.site import outside as site_outside
from leeward.site.alarms import Alarm
from leeward.site.health import current_alarms
from leeward.site.tasks import back_up
from tests.backup.conftest import AT, House
from tests.backup.covers import put_cover, put_mark
from tests.migrations.databases import another

SALT = "ab" * 32
ORIGIN = "hotline.example/audit/1"
HOUR = timedelta(hours=1)


def _key(name: str, kind: int) -> tuple[Key, Ed25519PrivateKey]:
    private = Ed25519PrivateKey.generate()
    return Key(name, kind, private.public_key().public_bytes_raw()), private


@dataclass
class World:
    """Our log's key and a witness's, with which rows of the house are signed."""

    house: House
    log: tuple[Key, Ed25519PrivateKey] = field(default_factory=lambda: _key(ORIGIN, LOG))
    witness: tuple[Key, Ed25519PrivateKey] = field(default_factory=lambda: _key("witness.example", WITNESS))

    @property
    def policy(self) -> Policy:
        return Policy.of((self.log[0],), (self.witness[0],), 1)

    def note(self, size: int | None = None, at: datetime = AT) -> Note:
        """Return the checkpoint over the first rows, with both lines."""
        with self._database() as database:
            query = "SELECT hash FROM audit_auditrow WHERE chain = 1 ORDER BY number LIMIT ?"
            rows = [row[0] for row in database.execute(query, (-1 if size is None else size,))]
        peaks: tuple[bytes, ...] = ()
        for place, digest in enumerate(rows):
            peaks = appended(place, peaks, leaf_hash(entry_of(digest, old_nonce(SALT, place + 1))))
        made = Checkpoint(ORIGIN, len(rows), root_of(peaks))
        seconds = int(at.timestamp())
        return Note(
            made.text,
            (
                signed_checkpoint(made, self.log[0], self.log[1].sign),
                cosigned(made, self.witness[0], seconds, self.witness[1].sign),
            ),
        )

    def keep(self, note: Note) -> None:
        """Store a note in the database, as the installation does."""
        own, line = (line.text.rstrip("\n") for line in note.lines)
        with self._database() as database, database:
            number = database.execute(
                "INSERT INTO audit_auditcheckpoint (chain, size, at, body, line, vkey) VALUES (1, ?, ?, ?, ?, ?)",
                (Checkpoint.read(note.body).size, AT.isoformat(), note.body, own, self.log[0].text),
            ).lastrowid
            database.execute(
                "INSERT INTO audit_auditcosignature (checkpoint_id, vkey, seen_at, line) VALUES (?, ?, 1, ?)",
                (number, self.witness[0].text, line),
            )
            self.salt(database)

    def salt(self, database: sqlite3.Connection) -> None:
        database.execute("UPDATE audit_audittip SET salt = ?, origin = ?", (SALT, ORIGIN))

    def rewrite(self) -> None:
        """Write the whole log anew with other facts, as somebody can who has the machine."""
        with self._database() as database, database:
            triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                if name.startswith("audit"):
                    database.execute(f'DROP TRIGGER "{name}"')
            database.execute("DELETE FROM audit_auditrow")
            database.execute("DELETE FROM audit_audittip")
        self.house.act(6, fact=2)
        with self._database() as database, database:
            self.salt(database)

    def _database(self) -> Any:
        return closing(sqlite3.connect(self.house.data / "leeward.sqlite3"))


@pytest.fixture
def world(house: House) -> World:
    return World(house)


def test_trusted_witnesses_and_a_kept_head_vouch_for_a_backup(world: World) -> None:
    head = world.note(3)
    world.keep(world.note())
    world.house.act(2)
    with sqlite3.connect(world.house.data / "leeward.sqlite3") as database:
        world.salt(database)
    world.house.back_up()
    proved = world.house.prove(outside=Outside(world.policy, (head,)))
    assert proved.vouched == (
        "Chain 1: rows 1 to 5 are those seen by witness.example at 2026-11-28 02:00 UTC.",
        "Chain 1: rows 1 to 3 are those of the head that was kept.",
    )
    assert world.house.prove().vouched == ()


def _not_seen(world: World) -> Outside:
    return Outside(world.policy)


def _seen_long_ago(world: World) -> Outside:
    world.keep(world.note(at=AT - 26 * HOUR))
    return Outside(world.policy)


def _seen_by_another(world: World) -> Outside:
    world.keep(world.note())
    return Outside(Policy.of((world.log[0],), (_key("other.example", WITNESS)[0],), 1))


def _rewritten(world: World) -> Outside:
    world.keep(world.note())
    world.rewrite()
    return Outside(world.policy)


def _rewritten_against_a_head(world: World) -> Outside:
    head = world.note(4)
    world.rewrite()
    return Outside(heads=(head,))


def _cut(world: World) -> Outside:
    world.house.act(3)
    head = world.note()
    world.rewrite()
    return Outside(heads=(head,))


def _of_another_log(world: World) -> Outside:
    return Outside(heads=(Note(Checkpoint("other.example/audit/1", 1, bytes(32)).text, world.note().lines),))


def _without_a_log(world: World) -> Outside:
    world.keep(world.note())
    return Outside(Policy.of((world.log[0], _key("hotline.example/audit/2", LOG)[0]), (world.witness[0],), 1))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_not_seen, "no checkpoint was ever signed"),
        (_seen_long_ago, "0 of the 1 witnesses needed saw it in the last 26 hours"),
        (_seen_by_another, "0 of the 1 witnesses needed"),
        (_rewritten, "rows 1 to 5 are not those seen by witness.example"),
        (_rewritten_against_a_head, "rows 1 to 4 are not those of the head that was kept"),
        (_cut, "ends at row 6, before the head of row 8 that was kept"),
        (_of_another_log, "the log other.example/audit/1 is not in it"),
        (_without_a_log, "the log hotline.example/audit/2 is not in it"),
    ],
)
def test_what_the_outside_contradicts_is_no_proof(world: World, damage: Callable[[World], Outside], says: str) -> None:
    outside = damage(world)
    world.house.back_up()
    with pytest.raises(BackupDamaged, match=says):
        world.house.prove(outside=outside)
    assert not listed(world.house.folder)[0].is_verified
    assert world.house.prove().rows >= 5, "alone it is whole"


def test_a_log_that_began_anew_is_still_the_same(world: World) -> None:
    world.keep(world.note())
    world.house.back_up()
    anew = Key(f"{ORIGIN}/2", LOG, world.log[0].raw)
    more = Policy.of((anew,), (world.witness[0],), 1)
    with pytest.raises(BackupDamaged, match=r"no key is trusted for hotline\.example/audit/1"):
        world.house.prove(outside=Outside(more))
    both = Policy.of((world.log[0], Key(f"{ORIGIN}/2", LOG, _key("x", LOG)[0].raw)), (world.witness[0],), 1)
    assert world.house.prove(outside=Outside(both)).vouched


@pytest.mark.django_db
def test_the_nightly_job_asks_whom_the_settings_name(world: World, settings: Any, tmp_path: Path) -> None:
    raw, public = new_key()
    file = tmp_path / "policy"
    file.write_text(f"log {world.log[0].text}\nwitness {world.witness[0].text}\n")
    update: dict[str, Any] = {"backup_to": str(world.house.folder), "backup_recipients": (public,)}
    update |= {"backup_key": raw.decode(), "log_policy": str(file)}
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    world.keep(world.note(at=datetime.now(UTC) - 27 * HOUR))
    with pytest.raises(BackupDamaged, match="0 of the 1 witnesses"):
        back_up()
    look_at_proofs(datetime.now(UTC))
    (alarm,) = proof_alarms(datetime.now(UTC))
    assert "backup_damaged" in alarm.text
    next(world.house.folder.glob("*.backup")).unlink()
    world.keep(world.note(3, at=datetime.now(UTC) - HOUR))
    look_at_proofs(datetime.now(UTC))
    assert proof_alarms(datetime.now(UTC)), "that the backup is gone is no proof"
    back_up()
    assert listed(world.house.folder)[0].is_verified
    look_at_proofs(datetime.now(UTC))
    assert proof_alarms(datetime.now(UTC)) == []


@pytest.mark.django_db
def test_the_nightly_job_compares_with_the_heads_that_the_settings_name(
    world: World, settings: Any, tmp_path: Path
) -> None:
    raw, public = new_key()
    heads = tmp_path / "heads"
    update: dict[str, Any] = {"backup_to": str(world.house.folder), "backup_recipients": (public,)}
    update |= {"backup_key": raw.decode(), "log_heads": str(heads)}
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    heads.mkdir()
    with pytest.raises(FileNotFoundError):
        back_up()
    (heads / "2026-10.txt").write_text(world.note(2).text)
    (heads / "2026-11.txt").write_text(world.note(5).text)
    world.keep(world.note())
    next(world.house.folder.glob("*.backup")).unlink()
    back_up()
    assert listed(world.house.folder)[0].is_verified
    world.rewrite()
    next(world.house.folder.glob("*.backup")).unlink()
    with pytest.raises(BackupDamaged, match="rows 1 to 2 are not those of the head that was kept"):
        back_up()
    look_at_proofs(datetime.now(UTC))
    assert proof_alarms(datetime.now(UTC))


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "days"), [("AGE-SECRET-KEY-1", 3), ("", 31)])
def test_a_proof_that_never_came_is_an_alarm_of_its_own(
    world: World, settings: Any, tmp_path: Path, key: str, days: int
) -> None:
    """Made each night, and proved by nobody; or once, and then no more."""
    folder = tmp_path / "backups"
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_to": str(folder), "backup_key": key})
    folder.mkdir()
    began = datetime.now(UTC)
    for day in range(days + 1):
        now = began + timedelta(days=day)
        put_cover(folder, now)
        look_at_proofs(now)
        assert bool(proof_alarms(now)) == (day == days)
    put_mark(folder / name_at(now))
    look_at_proofs(now)
    assert proof_alarms(now) == []
    later = now + timedelta(days=days + 1)
    look_at_proofs(later)
    (alarm,) = proof_alarms(later)
    assert f"{now:%Y-%m-%d}" in alarm.text


def look_at_proofs(now: datetime) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_outside, "LOOKERS", {site_outside.PROOF: site_outside.LOOKERS[site_outside.PROOF]})
        site_outside.look(now)


def proof_alarms(now: datetime) -> list[Alarm]:
    return [alarm for alarm in current_alarms(now) if alarm.code == "proof_failing"]


def test_the_command_takes_policy_and_head(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEEWARD_DATABASE_URL", raising=False)
    raw, world.house.public = new_key()
    for name, text in {
        "key": raw.decode(),
        "policy": f"log {world.log[0].text}\nwitness {world.witness[0].text}\n",
        "head": world.note(2).text,
    }.items():
        (tmp_path / name).write_text(text)
    world.keep(world.note())
    world.house.back_up()
    command = ["backup", "verify", str(world.house.folder), "--key", str(tmp_path / "key")]
    assert run([*command, "--policy", str(tmp_path / "policy"), "--head", str(tmp_path / "head")]) == 0
    assert capsys.readouterr().out.count("Chain 1: rows 1 to") == 2
    for more, says in (
        (["--policy", str(tmp_path / "head")], "is none of"),
        (["--head", str(tmp_path / "policy")], "a note is"),
        (["--load"], "LEEWARD_DATABASE_URL names no server"),
    ):
        assert run([*command, *more]) == 2
        said = capsys.readouterr().err
        assert says in said
        assert said.count("\n") == 1


@pytest.mark.django_db
@pytest.mark.skipif(not os.environ.get("LEEWARD_DATABASE_URL"), reason="needs PostgreSQL")
def test_a_server_takes_a_copy_into_a_database_that_is_gone_afterwards(world: World, tmp_path: Path) -> None:
    import psycopg

    world.keep(world.note())
    with another(tmp_path / "other") as other, psycopg.connect(other.url, autocommit=True) as connection:
        with sqlite3.connect(world.house.data / "leeward.sqlite3") as house:
            for table, columns in {**COLUMNS, "sealing_datakey": ("name",), "spool_arrival": ("id",)}.items():
                kinds = ", ".join(f"{name} {'bigint' if name in NUMBERS else 'text'}" for name in columns)
                connection.execute(f"CREATE TABLE {table} ({kinds})".encode())
                for row in house.execute(f"SELECT {', '.join(columns)} FROM {table}") if table in COLUMNS else ():
                    marks = ", ".join("%s" for _ in columns)
                    connection.execute(f"INSERT INTO {table} VALUES ({marks})".encode(), row)
            ends = house.execute("SELECT chain, number, hash FROM audit_audittip").fetchall()
        server, dump = Postgres(other.url), tmp_path / "leeward.pgdump"
        heads = [LogHead(chain=chain, number=number, hash=digest) for chain, number, digest in ends]
        server.dump(dump)
        server._log_of(dump, tmp_path, tuple(COLUMNS))
        found = vouched(server.log_in(dump, tmp_path), Outside(world.policy), AT + HOUR)
        assert found.sentences == ("Chain 1: rows 1 to 5 are those seen by witness.example at 2026-11-28 02:00 UTC.",)
        assert server.try_to_load(dump, heads)
        with pytest.raises(ProgramFailed, match="does not end where the manifest says"):
            server.try_to_load(dump, heads[:-1])
        dump.write_bytes(dump.read_bytes()[:2000])
        with pytest.raises(ProgramFailed):
            server.try_to_load(dump, heads)
        query = "SELECT count(*) FROM pg_database WHERE datname LIKE 'leeward_trial_%'"
        assert connection.execute(query.encode()).fetchone() == (0,)
        role = f"plain_{os.getpid()}"
        connection.execute(f"CREATE ROLE {role} LOGIN".encode())
        try:
            server.environment |= {"PGUSER": role, "PGOPTIONS": ""}
            assert not server.try_to_load(dump, heads)
        finally:
            connection.execute(f"DROP ROLE {role}".encode())
