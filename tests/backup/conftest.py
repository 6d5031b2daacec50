"""A small installation on disk, whose log has a few rows, and a folder for its backups."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.audit.keys import _load, make_key, sign
from leeward.audit.rules.chain import canonical, link, moment, signed_text
from leeward.backup.services import Made, Proved, create, verify
from leeward.sealing.age import key_of, new_key
from tests.tables import give_beginnings

AT = datetime(2026, 11, 28, 2, tzinfo=UTC)


@dataclass
class House:
    """The installation in `data`, its backups in `folder`."""

    data: Path
    folder: Path
    public: str
    key: Any
    made: int = 0

    def act(self, count: int = 1, chain: int = 1, *, is_signed: bool = False, fact: int = 1) -> None:
        """Write rows of the log; `is_signed`: with a signed tip, as versions before the signer had it."""
        with closing(sqlite3.connect(self.data / "leeward.sqlite3")) as database, database:
            tip = database.execute("SELECT number, hash FROM audit_audittip WHERE chain = ?", (chain,)).fetchone()
            entry = None
            for _ in range(count):
                last = entry or (Last(*tip) if tip else None)
                entry = link(
                    last,
                    chain=chain,
                    at=moment(AT),
                    event="case.noted",
                    actor="staff:1",
                    subject="case:1",
                    facts=canonical({"n": fact}),
                )
                names = tuple(type(entry).__dataclass_fields__)
                marks = ", ".join("?" for _ in names)
                database.execute(
                    f"INSERT INTO audit_auditrow ({', '.join(names)}) VALUES ({marks})",
                    [getattr(entry, name) for name in names],
                )
            assert entry is not None
            text = signed_text(chain=chain, number=entry.number, row=entry.hash, at=entry.at)
            database.execute("DELETE FROM audit_audittip WHERE chain = ?", (chain,))
            database.execute(
                "INSERT INTO audit_audittip (chain, number, hash, at, signature) VALUES (?, ?, ?, ?, ?)",
                (chain, entry.number, entry.hash, entry.at, sign(text) if is_signed else ""),
            )

    def back_up(self, keep: int = 30, waiting_since: datetime | None = None) -> Made:
        """Make a backup, an hour after the one before."""
        self.made += 1
        at = AT + timedelta(hours=self.made)
        return create(self.folder, [self.public], keep=keep, waiting_since=waiting_since, now=at)

    def prove(self, name: str = "", **more: Any) -> Proved:
        """Restore one for trial."""
        return verify(self.folder, name, self.key, **{"now": AT + timedelta(days=2)} | more)


@dataclass(frozen=True)
class Last:
    """The end of a chain."""

    number: int
    hash: str


@pytest.fixture
def house(tmp_path: Path, settings: Any, db: None) -> House:
    """An installation of which nothing was backed up yet. What the database knows of its words is asked of the tests' own."""
    data = tmp_path / "data"
    give_beginnings(data)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": data, "database_url": ""})
    make_key(data / "audit.key")
    (data / "shields.csv").write_text("kept\n")
    (data / "salt.2026-11-28").write_text("of the day")
    raw, public = new_key()
    found = House(data, tmp_path / "backups", public, key_of(raw))
    found.act(5)
    return found


def make_key_anew(house: House) -> None:
    """Let the installation sign by another key from now on, as after leeward keys accept audit.key."""
    (house.data / "audit.key").unlink()
    _load.cache_clear()
    make_key(house.data / "audit.key")


type Damage = Callable[[House], None]
